"""``whence check``: the rules of PROV-CONSTRAINTS, and the lints of ML work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from whence.cli.settings import json_option, store_option, thing_argument

if TYPE_CHECKING:
    from whence.query.outline.line import Line
    from whence.service.checking import Checked
    from whence.service.notebook.checking import CheckedNotebook

VIOLATED = 1


@click.command(
    "check",
    epilog="""\b
Examples:
  whence check                       # all of the store
  whence check models/model.joblib   # a model with everything upstream of it
  whence check partner.provn         # a document of somebody else's
  whence check train.ipynb           # the state of a notebook's cells, against the record
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

    THING is a run, file or model (checked with everything upstream), a provenance document, a
    notebook (whose cells are checked for hidden state), or nothing for the whole store.
    """
    from whence.cli.output import write_json, write_lines
    from whence.cli.settings import questions
    from whence.service.checking import check_document, check_records, is_document

    checked: Checked | CheckedNotebook
    if only_list:
        write_lines(_lint_lines())
        return 0
    if thing is not None and (format_ or is_document(thing)):
        checked = check_document(thing, format_)
    elif thing is not None and thing.endswith(".ipynb"):
        checked = _notebook(thing, without, store)
    else:
        with questions(store) as asked:
            checked = check_records(asked, thing, without)
    if as_json:
        write_json(checked)
    else:
        write_lines(_lines(checked))
    return 0 if checked.valid and not (strict and checked.slips) else VIOLATED


def _lines(checked: Checked | CheckedNotebook) -> Iterator[Line]:
    from whence.service.notebook.checking import CheckedNotebook

    return (
        _notebook_lines(checked) if isinstance(checked, CheckedNotebook) else _record_lines(checked)
    )


def _record_lines(checked: Checked) -> Iterator[Line]:
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


def _notebook(thing: str, without: tuple[str, ...], store: str | None) -> CheckedNotebook:
    """The check of a notebook; without a store, of what its file alone shows."""
    from whence._base.errors import StoreNotFoundError
    from whence.cli.settings import named_store, questions
    from whence.service.notebook.checking import check_notebook

    try:
        with questions(store) as asked:
            return check_notebook(asked, thing, without)
    except StoreNotFoundError:
        if named_store(store) is not None:
            raise
        return check_notebook(None, thing, without)


def _notebook_lines(checked: CheckedNotebook) -> Iterator[Line]:
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    for slip in checked.slips:
        yield (Piece(slip.lint, "warn"), Piece(f": {escaped(slip.message)}"))
    told, count = checked.notebook, len(checked.slips)
    said = f"{count} finding{'' if count == 1 else 's'} of lints" if count else "nothing found"
    yield (
        Piece(escaped(checked.subject), "strong"),
        Piece(": "),
        Piece(said, "warn" if count else "good"),
        Piece(
            f" after {told.executions} executions, session {told.session}" if told.session else ""
        ),
    )
    if told.session is None:
        yield (
            Piece("Nothing was recorded of it, so only its file was looked at. ", "dim"),
            Piece("To record it: %load_ext whence in its first cell", "dim"),
        )


def _lint_lines() -> Iterator[Line]:
    from whence.query.outline.line import Piece
    from whence.standards.lint import LINTS, NOTEBOOK_LINTS

    told = [(lint.name, lint.title, lint.why) for lint in LINTS.values()]
    told += [(lint.name, lint.title, lint.why) for lint in NOTEBOOK_LINTS.values()]
    for name, title, why in told:
        yield (Piece(name, "strong"), Piece(f": {title}. {why}"))
