"""``whence schema``: the JSON Schemas of answers."""

from __future__ import annotations

import click

SCHEMAS = {"answer": "answer", "flow": "flow", "columns": "flow"} | dict.fromkeys(
    ("trace", "impact", "why", "show", "diff", "log", "search", "verify", "status"), "answer"
)
SCHEMAS |= {name: name for name in ("ask", "check", "5w1h", "lifecycle", "notebook")}
SCHEMAS["reproduce"] = "notebook"
"""The schema of each command, by the command's name; of show with an option, by that of it."""


@click.command(
    "schema",
    epilog="""\b
Examples:
  whence schema > answer.schema.json
  whence schema flow > flow.schema.json
  whence schema columns           # that of flow; trace, impact and all others: that of answer
  whence schema 5w1h              # that of show --5w1h
""",
)
@click.argument(
    "name", type=click.Choice(list(SCHEMAS)), default="answer",
    metavar="[answer|flow|ask|check|5w1h|lifecycle|notebook]",
)  # fmt: skip
def command(name: str) -> None:
    """Print the JSON Schema of what --json gives: a contract that programs may rely on.

    ``flow`` is that of flow and columns, ``ask`` and ``check`` are those of their commands,
    ``5w1h`` and ``lifecycle`` those of show with these options, ``notebook`` that of reproduce, and
    of diff and verify for notebooks, ``answer`` (the default) that of all other commands; the name
    of a command stands for its schema.
    """
    from importlib.resources import files

    text = files("whence.query").joinpath(f"{SCHEMAS[name]}.schema.json").read_text("utf-8")
    click.echo(text, nl=False)
