"""``whence diff``: two runs, sessions, notebooks or executions of a cell side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument

if TYPE_CHECKING:
    from whence.query.diff.cells import Comparison
    from whence.service.questions import Questions

NOTEBOOK = ".ipynb"


@click.command(
    "diff",
    epilog="""\b
Examples:
  whence diff 0193f2a1 0193f2b7
  whence diff baseline candidate --json
  whence diff train.ipynb                        # its newest two kernel sessions
  whence diff 'train.ipynb#load'                 # the newest two executions of a cell
  whence diff train.ipynb --executions 3 7       # two executions of the newest session
  whence diff train.ipynb@5f3a9c0d21 train.ipynb # a recorded version and the file as it is
  whence diff first.ipynb second.ipynb
""",
)
@thing_argument("run_a")
@thing_argument("run_b", required=False)
@click.option(
    "--executions", type=int, nargs=2, metavar="N M",
    help="Two executions of one kernel session, counted from 1.",
)  # fmt: skip
@full_option
@json_option
@store_option
def command(
    run_a: str, run_b: str | None, executions: tuple[int, int] | None, full: bool, as_json: bool,
    store: str | None,
) -> None:  # fmt: skip
    """Show what differs between two runs and what doesn't.

    First come the metrics that moved, each with the differences that may have moved it. Compared
    are what was read and what learned from it (files, rows, columns, classes, parameters), code,
    parameters, inputs, outputs, metrics, packages, machine and the run itself.
    A run is named by its id, the unique start of it, or its name; a file, by the run that made it.
    Of two sessions of a notebook's kernel the cells are compared too, aligned by their ids; of two
    notebooks (NOTEBOOK.ipynb, NOTEBOOK.ipynb@DIGEST) the cells as they are written.
    """
    from whence.cli.output import write_json, write_lines

    with questions(store) as asked:
        if run_b is None or executions or _is_notebook(run_a) or _is_notebook(run_b):
            _write(_compared(asked, run_a, run_b, executions), full, as_json)
            return
        found = asked.diff(run_a, run_b)
    if as_json:
        write_json(found)
    else:
        from whence.query.outline.diff import diff_lines

        write_lines(diff_lines(found, full))


def _is_notebook(text: str) -> bool:
    path, _, _ = text.partition(f"{NOTEBOOK}@")
    return text.endswith(NOTEBOOK) or path != text or f"{NOTEBOOK}#" in text


def _compared(
    asked: Questions, left: str, right: str | None, executions: tuple[int, int] | None
) -> Comparison:
    from whence.service.notebook.compare_named import NotebookComparing

    comparing = NotebookComparing(asked)
    if right is not None and executions:
        raise click.UsageError("--executions goes with one notebook or session")
    if right is not None:
        return comparing.two(left, right)
    if _is_notebook(left):
        return comparing.one(left, executions or ())
    if not executions:
        raise click.UsageError("Name two runs, or one notebook (NOTEBOOK.ipynb)")
    return comparing.executions(asked.run_of(left), *executions)


def _write(found: Comparison, full: bool, as_json: bool) -> None:
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.celldiff import comparison_lines

    if as_json:
        write_json(found)
    else:
        write_lines(comparison_lines(found, full))
