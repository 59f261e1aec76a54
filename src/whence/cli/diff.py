"""``whence diff``: two runs side by side."""

from __future__ import annotations

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument


@click.command(
    "diff",
    epilog="""\b
Examples:
  whence diff 0193f2a1 0193f2b7
  whence diff baseline candidate --json
""",
)
@thing_argument("run_a")
@thing_argument("run_b")
@full_option
@json_option
@store_option
def command(run_a: str, run_b: str, full: bool, as_json: bool, store: str | None) -> None:
    """Show what differs between two runs and what doesn't.

    First come the metrics that moved, each with the differences that may have moved it. Compared
    are what was read and what learned from it (files, rows, columns, classes, parameters), code,
    parameters, inputs, outputs, metrics, packages, machine and the run itself.
    A run is named by its id, the unique start of it, or its name; a file, by the run that made it.
    """
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.diff import diff_lines

    with questions(store) as asked:
        found = asked.diff(run_a, run_b)
    if as_json:
        write_json(found)
    else:
        write_lines(diff_lines(found, full))
