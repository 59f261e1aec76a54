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
  whence show models/model.joblib --5w1h
  whence show models/model.joblib --lifecycle
""",
)
@thing_argument()
@click.option(
    "--5w1h", "questions_", is_flag=True, help="One heading for each of the six questions."
)
@click.option(
    "--lifecycle", "life", is_flag=True,
    help="The runs before and after it, by phase and with who ran them.",
)  # fmt: skip
@full_option
@json_option
@store_option
def command(
    thing: str, questions_: bool, life: bool, full: bool, as_json: bool, store: str | None
) -> None:
    """Tell what, when, why, where, who and how of THING.

    THING is a path, a digest or a run's id (or the unique start of either), or a name.
    """
    from whence.cli.notes import note_lines
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.sheet import sheet_lines

    if questions_ and life:
        raise click.UsageError("Give --5w1h or --lifecycle, not both")
    if questions_ or life:
        _write_view(thing, questions_, as_json, store)
        return
    with questions(store) as asked:
        sheet = asked.show(thing)
    if as_json:
        write_json(sheet)
    else:
        write_lines(sheet_lines(sheet, full))
        write_lines(note_lines(sheet.query, asks_past=False))


def _write_view(thing: str, as_questions: bool, as_json: bool, store: str | None) -> None:
    from whence.cli.output import write_json, write_lines
    from whence.query.fivew import five_w_one_h
    from whence.query.lifecycle import lifecycle
    from whence.query.outline.fivew import five_w_lines, lifecycle_lines

    with questions(store) as asked:
        node = asked.node_of(thing)
        if as_questions:
            sheet = five_w_one_h(asked.store, node)
            lines = five_w_lines(sheet)
        else:
            life = lifecycle(asked.store, node)
            lines = lifecycle_lines(life)
    if as_json:
        write_json(sheet if as_questions else life)
    else:
        write_lines(lines)
