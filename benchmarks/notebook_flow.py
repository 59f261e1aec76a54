"""Which data feeds which model in notebooks: precision and recall in order and out of order.

The notebooks are scripts of scikit-learn's examples, cut at their ``# %%`` marks, with the labels
that were made by hand for the scripts. ``python -m benchmarks.notebook_flow NAME ...`` shows for
single ones what was wrong and what was missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus
from benchmarks.corpus import Counts, Edge, Script
from benchmarks.notebooks.cells import Cell, cells_of
from benchmarks.notebooks.orders import in_order, shuffled, with_rerun
from benchmarks.notebooks.sessions import NAME as NOTEBOOK
from benchmarks.notebooks.sessions import record
from benchmarks.peer import PeerUnavailableError
from benchmarks.row import Row
from whence.query.flow import FlowEdge, SinkCall, SourceCall
from whence.service.questions import open_questions

NAME = "data-to-model edges in notebooks, run in order and out of order"
QUICK = 3
FEWEST_CELLS = 4
PRECISION, RECALL = 0.97, 0.92
SEEDS = 3
"""How many shuffled orders are tried before a notebook counts as one that can't be shuffled."""

ORDERS = ("in order", "shuffled, some cells twice", "in order, then the end again")
_CELL, _RUN = 10_000_000, 10_000


class Notebook(NamedTuple):
    """A labelled script as a notebook."""

    script: Script
    cells: list[Cell]

    def place(self, line: int) -> tuple[Cell, int]:
        """The cell that a line of the script is in, and its line there."""
        cell = next(one for one in reversed(self.cells) if one.first < line)
        return cell, line - cell.first


def run(quick: bool) -> list[Row]:
    try:
        found = notebooks()
    except PeerUnavailableError as error:
        return [Row(what=NAME, measured="", floor=str(error), ratio=None, bar="", ok=None)]
    if quick:
        found = found[:: max(len(found) // QUICK, 1)]
    rows: list[Row] = []
    whole: list[Counts] = []
    for order in ORDERS:
        counts = [one for notebook in found if (one := measured(notebook, order)) is not None]
        whole += counts
        rows += _rows(f"{order}: {len(counts)} of {len(found)} notebooks ran", counts, None)
    return [*rows, *_rows(f"all {len(whole)} sessions", whole, True)]


def notebooks() -> list[Notebook]:
    """The labelled scripts with several cells."""
    found = [Notebook(one, cells_of(one.path.read_text())) for one in corpus.scripts()]
    return [one for one in found if len(one.cells) >= FEWEST_CELLS and one.script.labels]


def measured(notebook: Notebook, order: str) -> Counts | None:
    """The score of one session; None where no such order runs."""
    for ran in orders(notebook, order):
        found = edges_of(notebook, ran)
        if not isinstance(found, str):
            return corpus.score(labels(notebook, ran), found, ())
        print(f"  {notebook.script.path.name}, {order}: {found}", file=sys.stderr)
    return None


def orders(notebook: Notebook, order: str) -> Iterator[list[int]]:
    """The orders of a kind that are tried, one after the other."""
    cells = notebook.cells
    if order == ORDERS[0]:
        yield in_order(cells)
    elif order == ORDERS[1]:
        for seed in range(SEEDS):
            yield shuffled(cells, seed)
        yield shuffled(cells, 0, again=False)
    else:
        lines = [edge.sink_line for edge in notebook.script.labels]
        yield with_rerun(cells, {notebook.place(line)[0].number for line in lines})


def labels(notebook: Notebook, ran: Sequence[int]) -> list[Edge]:
    """What is right in a session: data come from the last run of their cell before the call.

    Lines in functions are told without the run: what runs there is another cell's call.
    """
    found: dict[Edge, None] = {}
    for label in notebook.script.labels:
        source, source_line = notebook.place(label.source_line)
        sink, sink_line = notebook.place(label.sink_line)
        is_plain = not (source.is_in_function(source_line) or sink.is_in_function(sink_line))
        for at in (n for n, one in enumerate(ran) if one == sink.number):
            runs = ran[: at + 1]
            k, m = (runs.count(source.number), runs.count(sink.number)) if is_plain else (0, 0)
            lines = _line(source, k, source_line), _line(sink, m, sink_line)
            found[label._replace(source_line=lines[0], sink_line=lines[1])] = None
    return list(found)


def edges_of(notebook: Notebook, ran: Sequence[int]) -> list[Edge] | str:
    """The edges that Whence tells of a session, or why it could not be run."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        failed = record(notebook.cells, ran, Path(folder))
        if failed is not None:
            return failed
        with open_questions(Path(folder) / ".whence") as asked:
            flow = asked.flow(NOTEBOOK)
    return [_edge(notebook, ran, edge) for edge in flow.edges]


def _edge(notebook: Notebook, ran: Sequence[int], edge: FlowEdge) -> Edge:
    ends = [_end(notebook, ran, call) for call in (edge.source, edge.sink)]
    is_plain = not any(cell.is_in_function(line) for cell, _, line in ends)
    source, sink = (_line(cell, k if is_plain else 0, line) for cell, k, line in ends)
    call = edge.sink
    return Edge(edge.source.call, source, call.call, call.class_, sink, edge.role)


def _end(
    notebook: Notebook, ran: Sequence[int], call: SourceCall | SinkCall
) -> tuple[Cell, int, int]:
    """The cell of a call, the how many-th run of the cell it was, and the line."""
    name, _, line = str(call.line).rpartition(":")
    cell = next(one for one in notebook.cells if one.id == name)
    execution = getattr(call.cell, "execution", 0)
    return cell, list(ran[:execution]).count(cell.number), int(line)


def _line(cell: Cell, run: int, line: int) -> int:
    """One number for a line of one run of a cell: lines of others are far away."""
    return cell.number * _CELL + run * _RUN + line


def _rows(what: str, counts: Sequence[Counts], is_judged: bool | None) -> list[Row]:
    if not counts:
        return []
    whole = corpus.total(counts)
    return [
        _row(f"precision, {what}", counts, corpus.precision, PRECISION, is_judged),
        _row(f"recall of {whole.right + whole.missed} edges, {what}", counts, corpus.recall,
             RECALL, is_judged),
    ]  # fmt: skip


def _row(
    what: str,
    counts: Sequence[Counts],
    of: Callable[[Iterable[Counts]], float],
    bar: float,
    is_judged: bool | None,
) -> Row:
    low, high = corpus.interval(counts, of)
    return Row(
        what=what, measured=f"{of(counts):.3f} (95 %: {low:.3f} to {high:.3f})", floor="",
        ratio=None, bar=f"at least {bar}" if is_judged else "reported",
        ok=of(counts) >= bar if is_judged else True,
    )  # fmt: skip


def main(names: Sequence[str]) -> None:
    """Show each named notebook's wrong and missed edges, in each order."""
    for notebook in notebooks():
        name = notebook.script.path.name
        if names and not any(one in name for one in names):
            continue
        for order in ORDERS:
            for ran in orders(notebook, order):
                found = edges_of(notebook, ran)
                print(f"== {name}, {order}: {ran}", flush=True)
                if isinstance(found, str):
                    print(f"   did not run: {found}")
                    continue
                right = labels(notebook, ran)
                pairs, missed, wrong = corpus.matched(right, found)
                print(f"   {len(pairs)} right, {len(missed)} missed, {len(wrong)} wrong")
                for text, several in (("missed", missed), ("wrong ", wrong)):
                    for one in several:
                        print(f"   {text} {one}")
                break


if __name__ == "__main__":
    main(sys.argv[1:])
