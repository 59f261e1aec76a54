"""``whence schema``: the JSON Schemas of answers."""

from __future__ import annotations

import click

SCHEMAS = {"answer": "answer", "flow": "flow", "columns": "flow"} | dict.fromkeys(
    ("trace", "impact", "why", "show", "diff", "log", "search", "verify", "status"), "answer"
)
"""The schema of each command, by the command's name."""


@click.command(
    "schema",
    epilog="""\b
Examples:
  whence schema > answer.schema.json
  whence schema flow > flow.schema.json
  whence schema columns           # that of flow; trace, impact and all others: that of answer
""",
)
@click.argument("name", type=click.Choice(list(SCHEMAS)), default="answer", metavar="[answer|flow]")
def command(name: str) -> None:
    """Print the JSON Schema of what --json gives: a contract that programs may rely on.

    ``flow`` is that of flow and columns, ``answer`` (the default) that of all other commands; the
    name of a command stands for its schema.
    """
    from importlib.resources import files

    text = files("whence.query").joinpath(f"{SCHEMAS[name]}.schema.json").read_text("utf-8")
    click.echo(text, nl=False)
