"""Which data feeds which model: precision and recall on labelled scripts that others wrote.

``python -m benchmarks.flow NAME ...`` shows for single scripts what was wrong and what was missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import corpus
from benchmarks.corpus import Counts, Edge, Script
from benchmarks.peer import PeerUnavailableError
from benchmarks.row import Row
from whence.query.answer import GapNote
from whence.query.flow import FlowEdge
from whence.service.questions import open_questions

NAME = "data-to-model edges, on scripts of scikit-learn labelled by hand"
QUICK = 12
PRECISION, RECALL = 0.97, 0.95


def run(quick: bool) -> list[Row]:
    try:
        labelled = corpus.scripts()
    except PeerUnavailableError as error:
        return [Row(what=NAME, measured="", floor=str(error), ratio=None, bar="", ok=None)]
    if quick:
        labelled = labelled[:: max(len(labelled) // QUICK, 1)]
    found = {script: _measured(script) for script in labelled}
    rows = []
    for what, chosen in (
        ("scripts to develop on", [s for s in labelled if s.develop]),
        ("scripts set aside", [s for s in labelled if not s.develop]),
    ):
        ran = [one for script in chosen if (one := found[script]) is not None]
        if ran:
            rows += _rows(f"{what}: {len(ran)} of {len(chosen)} ran", ran)
    return rows


def _measured(script: Script) -> tuple[Counts, Counts] | None:
    flow = flow_of(script)
    if isinstance(flow, str):
        print(f"  {script.path.name}: {flow}", file=sys.stderr)
        return None
    edges, gaps = flow
    told = corpus.told_lines(gaps, str(script.path))
    by_identity = [edge for edge in edges if edge.known == "observed"]
    return (
        corpus.score(script.labels, map(as_edge, edges), told),
        corpus.score(script.labels, map(as_edge, by_identity), told),
    )


def flow_of(script: Script) -> tuple[list[FlowEdge], list[GapNote]] | str:
    """The edges and gaps of one script run in a folder of its own, or why it could not be run."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / ".whence"
        failed = corpus.run_recorded(script.path, store)
        if failed is not None:
            return failed
        with open_questions(store) as asked:
            flow = asked.flow(script.path.name)
        return flow.edges, flow.completeness.gaps


def as_edge(edge: FlowEdge) -> Edge:
    return Edge(
        edge.source.call, edge.source.line, edge.sink.call, edge.sink.class_, edge.sink.line
    )


def _rows(what: str, ran: Sequence[tuple[Counts, Counts]]) -> list[Row]:
    whole, identity = [one[0] for one in ran], [one[1] for one in ran]
    missed, silent = sum(c.missed for c in whole), sum(c.silent for c in whole)
    edges = sum(c.right + c.missed for c in whole)
    said = (missed - silent) / missed if missed else 1.0
    return [
        _row(f"precision, {what}", whole, identity, corpus.precision, PRECISION),
        _row(f"recall of {edges} edges, {what}", whole, identity, corpus.recall, RECALL),
        Row(
            what=f"misses that a gap tells, {what}", measured=f"{missed - silent} of {missed}",
            floor="", ratio=said, bar="at least 0.9", ok=said >= 0.9,
        ),
    ]  # fmt: skip


def _row(what: str, whole: Sequence[Counts], identity: Iterable[Counts], of, bar: float) -> Row:  # type: ignore[no-untyped-def]
    low, high = corpus.interval(whole, of)
    value = of(whole)
    return Row(
        what=what, measured=f"{value:.3f} (95 %: {low:.3f} to {high:.3f})",
        floor=f"identity alone {of(identity):.3f}", ratio=value, bar=f"at least {bar}",
        ok=value >= bar,
    )  # fmt: skip


def main(names: Sequence[str]) -> None:
    """Show each named script's wrong and missed edges, and what the gaps say."""
    for script in corpus.scripts():
        if names and not any(name in str(script.path) for name in names):
            continue
        flow = flow_of(script)
        print(f"== {script.path.name}")
        if isinstance(flow, str):
            print(f"   did not run: {flow}")
            continue
        edges, gaps = flow
        waiting = list(dict.fromkeys(map(as_edge, edges)))
        for label in script.labels:
            match = next((edge for edge in waiting if label.matches(edge)), None)
            if match is None:
                print(f"   missed {label}")
            else:
                waiting.remove(match)
        for edge in waiting:
            print(f"   wrong  {edge}")
        for gap in gaps:
            if gap.code.startswith(("flow", "code")):
                print(f"   gap    {gap.detail}")


if __name__ == "__main__":
    main(sys.argv[1:])
