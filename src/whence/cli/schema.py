"""``whence schema``: the JSON Schema of answers."""

from __future__ import annotations

import click


@click.command(
    "schema",
    epilog="""\b
Example:
  whence schema > answer.schema.json
""",
)
def command() -> None:
    """Print the JSON Schema of what --json gives: a contract that programs may rely on."""
    from importlib.resources import files

    click.echo(files("whence.query").joinpath("answer.schema.json").read_text("utf-8"), nl=False)
