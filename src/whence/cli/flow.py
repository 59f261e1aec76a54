"""``whence flow``: which data fed which model."""

from __future__ import annotations

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument


@click.command(
    "flow",
    epilog="""\b
Examples:
  whence flow 0193f2a1
  whence flow models/model.joblib
  whence flow train.py            # read, not run: what the script would do
  whence flow train.ipynb         # the same: its cells from top to bottom
  whence flow 0193f2a1 --json | jq '.edges[].source.origin'
""",
)
@thing_argument("thing")
@full_option
@json_option
@store_option
def command(thing: str, full: bool, as_json: bool, store: str | None) -> None:
    """Show every edge from data to a model in a run, with the calls at both ends.

    THING is a run, by its id, the unique start of it or its name, or a file, which stands for the
    run that made it. A script or notebook (a file that ends in .py or .ipynb) is read without
    being run.
    """
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.flow import flow_lines

    with questions(store) as asked:
        found = asked.flow(thing)
    if as_json:
        write_json(found)
    else:
        write_lines(flow_lines(found, full))
