"""``whence show``: one thing on a sheet."""

from __future__ import annotations

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument


@click.command(
    "show",
    epilog="""\b
Examples:
  whence show models/model.joblib
  whence show 0193f2a1
  whence show sha256:9f86d081
""",
)
@thing_argument()
@full_option
@json_option
@store_option
def command(thing: str, full: bool, as_json: bool, store: str | None) -> None:
    """Tell what, when, why, where, who and how of THING.

    THING is a path, a digest or a run's id (or the unique start of either), or a name.
    """
    from whence.cli.notes import note_lines
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.sheet import sheet_lines

    with questions(store) as asked:
        sheet = asked.show(thing)
    if as_json:
        write_json(sheet)
    else:
        write_lines(sheet_lines(sheet, full))
        write_lines(note_lines(sheet.query, asks_past=False))
