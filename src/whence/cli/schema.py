"""``whence schema``: the JSON Schemas of answers."""

from __future__ import annotations

import click

SCHEMAS = ("answer", "flow")


@click.command(
    "schema",
    epilog="""\b
Examples:
  whence schema > answer.schema.json
  whence schema flow > flow.schema.json
""",
)
@click.argument("name", type=click.Choice(SCHEMAS), default="answer", metavar="[answer|flow]")
def command(name: str) -> None:
    """Print the JSON Schema of what --json gives: a contract that programs may rely on.

    ``flow`` is that of flow and columns, ``answer`` (the default) that of all other commands.
    """
    from importlib.resources import files

    text = files("whence.query").joinpath(f"{name}.schema.json").read_text("utf-8")
    click.echo(text, nl=False)
