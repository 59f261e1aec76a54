"""``whence verify``: what is on disk against the record."""

from __future__ import annotations

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument

NOT_THE_SAME = 3


@click.command(
    "verify",
    epilog="""\b
Examples:
  whence verify models/model.joblib
  whence verify models/model.joblib --inputs
  whence verify --all

Exit code: 0 all the same, 1 nothing known of it, 2 wrong use, 3 something changed or is missing.
""",
)
@thing_argument(required=False)
@click.option("--inputs", is_flag=True, help="Also every file upstream of it.")
@click.option("--all", "everything", is_flag=True, help="The current version of every file known.")
@full_option
@json_option
@store_option
def command(
    thing: str | None, inputs: bool, everything: bool, full: bool, as_json: bool, store: str | None
) -> int:
    """Hash what is on disk again and compare it with the record: same, changed, or missing."""
    import os

    from whence.cli.output import write_json, write_lines
    from whence.query.outline.closing import gap_lines
    from whence.query.outline.verify import verify_lines

    if (thing is None) != everything:
        raise click.UsageError("Name one thing, or give --all")
    if everything and inputs:
        raise click.UsageError("--inputs goes with one thing; --all has every file already")
    with questions(store) as asked:
        found = asked.verify(thing, inputs=inputs)
    if as_json:
        write_json(found)
    else:
        write_lines(verify_lines(found.checks, full, os.getcwd()))
        write_lines(gap_lines(found.completeness))
    return 0 if found.is_same else NOT_THE_SAME
