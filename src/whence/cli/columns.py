"""``whence columns``: what each column was for."""

from __future__ import annotations

import click

from whence.cli.settings import json_option, questions, store_option, thing_argument


@click.command(
    "columns",
    epilog="""\b
Examples:
  whence columns 0193f2a1
  whence columns models/model.joblib
  whence columns 0193f2a1 --json | jq '.columns[] | select(.use == "unused").column'
""",
)
@thing_argument("thing")
@json_option
@store_option
def command(thing: str, as_json: bool, store: str | None) -> None:
    """Show what each column that a run read was for: feature, label, or read and not used.

    THING is a run, by its id, the unique start of it or its name, or a file, which stands for the
    run that made it.
    """
    from whence.cli.output import width, write_json, write_lines
    from whence.query.outline.columns import column_lines

    with questions(store) as asked:
        found = asked.columns(thing)
    if as_json:
        write_json(found)
    else:
        write_lines(column_lines(found, width()))
