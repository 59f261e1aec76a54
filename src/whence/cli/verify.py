"""``whence verify``: what is on disk against the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument

if TYPE_CHECKING:
    from whence.service.notebook.same import Sameness
    from whence.service.questions import Questions

NOT_THE_SAME = 3
NOTEBOOK = ".ipynb"


@click.command(
    "verify",
    epilog="""\b
Examples:
  whence verify models/model.joblib
  whence verify models/model.joblib --inputs
  whence verify --all
  whence verify train.ipynb     # are its data, modules and packages here those it ran with?

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
    """Hash what is on disk again and compare it with the record: same, changed, or missing.

    Of a notebook (NOTEBOOK.ipynb, also one that came in a crate) it is told whether the data,
    modules and packages that its newest recorded session used are the same here.
    """
    import os

    from whence.cli.output import write_json, write_lines
    from whence.query.outline.closing import gap_lines
    from whence.query.outline.verify import verify_lines

    if (thing is None) != everything:
        raise click.UsageError("Name one thing, or give --all")
    if everything and inputs:
        raise click.UsageError("--inputs goes with one thing; --all has every file already")
    with questions(store) as asked:
        of_notebook = None if thing is None or inputs else _notebook(asked, thing)
        if of_notebook is not None:
            return _told(of_notebook, full, as_json)
        found = asked.verify(thing, inputs=inputs)
    if as_json:
        write_json(found)
    else:
        write_lines(verify_lines(found.checks, full, os.getcwd()))
        write_lines(gap_lines(found.completeness))
    return 0 if found.is_same else NOT_THE_SAME


def _notebook(asked: Questions, thing: str) -> Sameness | None:
    """What a notebook's sessions rested on, here; None for what is none, or only a file that a run
    read or made."""
    if not thing.endswith(NOTEBOOK) or not asked.disk.is_here:
        return None
    from pathlib import Path

    from whence._base.errors import NotKnownError
    from whence.service.notebook.same import same_here

    try:
        return same_here(asked.store, asked.folder, Path(thing))
    except NotKnownError:
        try:
            asked.node_of(thing)
        except NotKnownError:
            pass
        else:
            return None
        raise


def _told(found: Sameness, full: bool, as_json: bool) -> int:
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.same import same_lines

    if as_json:
        write_json(found)
    else:
        write_lines(same_lines(found.items, found.notes, full))
    return 0 if found.is_same else NOT_THE_SAME
