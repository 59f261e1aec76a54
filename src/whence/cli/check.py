"""``whence check``: the rules of PROV-CONSTRAINTS, and the lints of ML work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from whence.cli.settings import json_option, store_option, thing_argument

if TYPE_CHECKING:
    from whence.query.outline.line import Line
    from whence.service.checking import Checked

VIOLATED = 1


@click.command(
    "check",
    epilog="""\b
Examples:
  whence check                       # all of the store
  whence check models/model.joblib   # a model with everything upstream of it
  whence check partner.provn         # a document of somebody else's
  whence check --without commit-dirty --strict

The exit code is 0 when the rules of PROV hold, 1 when one is violated (with --strict also when a
lint finds something), 2 when the document does not read.
""",
)
@thing_argument(required=False)
@click.option("--format", "format_", metavar="FORMAT", help="The format of a document.")
@click.option(
    "--without", multiple=True, metavar="LINT", help="Leave out a lint; may be given several times."
)
@click.option("--strict", is_flag=True, help="What a lint finds counts as a violation.")
@click.option("--lints", "only_list", is_flag=True, help="List the lints and what each is for.")
@json_option
@store_option
def command(
    thing: str | None, format_: str | None, without: tuple[str, ...], strict: bool,
    only_list: bool, as_json: bool, store: str | None,
) -> int:  # fmt: skip
    """Check THING against the rules of PROV-CONSTRAINTS, and for slips of ML work.

    THING is a run, file or model (checked with everything upstream), a provenance document, or
    nothing for the whole store.
    """
    from whence.cli.output import write_json, write_lines
    from whence.cli.settings import questions
    from whence.service.checking import check_document, check_records, is_document

    if only_list:
        write_lines(_lint_lines())
        return 0
    if thing is not None and (format_ or is_document(thing)):
        checked = check_document(thing, format_)
    else:
        with questions(store) as asked:
            checked = check_records(asked, thing, without)
    if as_json:
        write_json(checked)
    else:
        write_lines(_lines(checked))
    return 0 if checked.valid and not (strict and checked.slips) else VIOLATED


def _lines(checked: Checked) -> Iterator[Line]:
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    for fault in checked.faults:
        yield (
            Piece(f"Constraint {fault.constraint} ({fault.name})", "bad"),
            Piece(f": {escaped(fault.message)}"),
        )
        for statement in fault.statements:
            yield (Piece(f"    {escaped(statement)}", "dim"),)
        for run in fault.runs:
            yield (Piece(f"    from run {escaped(run)}", "dim"),)
    for slip in checked.slips:
        run = "" if slip.run is None else f"  run {slip.run}"
        yield (Piece(slip.lint, "warn"), Piece(f": {escaped(slip.message)}"), Piece(run, "dim"))
    said = "valid" if checked.valid else f"{len(checked.faults)} violations"
    lints = f", {len(checked.slips)} findings of lints" if checked.slips else ""
    yield (
        Piece(escaped(checked.subject), "strong"),
        Piece(": "),
        Piece(said, "good" if checked.valid else "bad"),
        Piece(f" by PROV-CONSTRAINTS ({checked.statements} statements){lints}"),
    )


def _lint_lines() -> Iterator[Line]:
    from whence.query.outline.line import Piece
    from whence.standards.lint import LINTS

    for lint in LINTS.values():
        yield (Piece(lint.name, "strong"), Piece(f": {lint.title}. {lint.why}"))
