"""Which data feeds which model: precision and recall on labelled scripts that others wrote.

``python -m benchmarks.flow NAME ...`` shows for single scripts what was wrong and what was missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import baselines, corpus
from benchmarks.baselines import Logged
from benchmarks.corpus import Counts, Script, as_edge
from benchmarks.peer import PeerUnavailableError
from benchmarks.row import Row
from whence.query.answer import GapNote
from whence.query.flow import FlowEdge
from whence.service.questions import open_questions

NAME = "data-to-model edges, on scripts of scikit-learn labelled by hand"
QUICK = 12
PRECISION, RECALL, TOLD = 0.97, 0.95, 0.9

Score = Callable[[Iterable[Counts]], float]


class Measured(NamedTuple):
    """The scores of one script: ours, and those of the code alone and the objects alone."""

    ours: Counts
    code: Counts
    objects: Counts


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
        ("scripts looked at before", [s for s in labelled if s.develop]),
        ("scripts not looked at before", [s for s in labelled if not s.develop]),
    ):
        ran = [one for script in chosen if (one := found[script]) is not None]
        if ran:
            rows += _rows(f"{what}: {len(ran)} of {len(chosen)} ran", ran)
    return [*rows, _autolog([script for script in labelled if found[script] is not None])]


def _measured(script: Script) -> Measured | None:
    flow = flow_of(script)
    if isinstance(flow, str):
        print(f"  {script.path.name}: {flow}", file=sys.stderr)
        return None
    edges, gaps = flow
    told = corpus.told_lines(gaps, str(script.path))
    return Measured(
        corpus.score(script.labels, map(as_edge, edges), told),
        baselines.by_code(script),
        baselines.by_objects(script, edges),
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


def _rows(what: str, ran: Sequence[Measured]) -> list[Row]:
    ours = [one.ours for one in ran]
    whole = corpus.total(ours)
    said = 1 - whole.silent / whole.missed if whole.missed else 1.0
    in_role = whole.in_role / whole.right if whole.right else 1.0
    return [
        _row(f"precision, {what}", ran, corpus.precision, PRECISION),
        _row(f"recall of {whole.right + whole.missed} edges, {what}", ran, corpus.recall, RECALL),
        _share(f"misses that a gap tells, {what}", whole.missed - whole.silent, whole.missed,
               said, TOLD),
        _share(f"right edges with the right role, {what}", whole.in_role, whole.right,
               in_role, None),
    ]  # fmt: skip


def _row(what: str, ran: Sequence[Measured], of: Score, bar: float) -> Row:
    ours = [one.ours for one in ran]
    low, high = corpus.interval(ours, of)
    code, objects = of(one.code for one in ran), of(one.objects for one in ran)
    return Row(
        what=what, measured=f"{of(ours):.3f} (95 %: {low:.3f} to {high:.3f})",
        floor=f"code alone {code:.3f}, objects alone {objects:.3f}", ratio=None,
        bar=f"at least {bar}", ok=of(ours) >= bar,
    )  # fmt: skip


def _share(what: str, part: int, whole: int, share: float, bar: float | None) -> Row:
    return Row(
        what=what, measured=f"{part} of {whole}", floor="", ratio=None,
        bar="reported" if bar is None else f"at least {bar}", ok=bar is None or share >= bar,
    )  # fmt: skip


def _autolog(scripts: Sequence[Script]) -> Row:
    what = "the same scripts under MLflow's autolog: data sets whose source it names"
    try:
        logged = [one for script in scripts if (one := baselines.by_autolog(script)) is not None]
    except PeerUnavailableError as error:
        return Row(what=what, measured="", floor=str(error), ratio=None, bar="", ok=None)
    whole = Logged(*map(sum, zip(Logged(0, 0), *logged, strict=True)))
    return Row(
        what=what, measured="", ratio=None, bar="reported", ok=True,
        floor=f"{whole.named}; {whole.fits} fits with data in {len(logged)} scripts",
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
        pairs, missed, wrong = corpus.matched(script.labels, map(as_edge, edges))
        for label in missed:
            print(f"   missed {label}")
        for edge in wrong:
            print(f"   wrong  {edge}")
        for label, edge in pairs:
            if label.role != edge.role:
                print(f"   role   {edge} is {label.role}")
        for gap in gaps:
            if gap.code.startswith(("flow", "code")):
                print(f"   gap    {gap.detail}")


if __name__ == "__main__":
    main(sys.argv[1:])
