"""The questions of Souza et al. at the size of their experiment, and capture under their load.

They published 50 ms for Q1, 2.8 s for Q5 and 3 s for Q7 in the quickest of three triple stores,
over 10 million triples of 1.4 million executions, and 573 us for each captured event. Theirs were
other machines and other data of the same size, so only the order of magnitude compares.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.study.full import Study, range_of
from whence.journal.home import create_store
from whence.query.ask.registry import QUESTIONS
from whence.service.index import open_store
from whence.service.questions import open_questions
from whence.store.protocol import Store

NAME = "the seven questions at 1.4 million executions, and capture under 8 workflows"

BARS_MS = {"q1": 10, "q2": 10, "q3": 300, "q4": 300, "q5": 300, "q6": 10, "q7": 1000}
PUBLISHED_MS = {"q1": 50, "q5": 2800, "q7": 3000}
ROUNDS = 5

RANGE: dict[str, Any] = {"given": {"inline_slices": range_of(0)}}
ALL: dict[str, Any] = {"given": {"tile_size": 40}}
ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "q1": [{"model": "models/model-0.pt"}], "q2": [{"model": "models/model-0.pt"}],
    "q3": [{"dataset": "learning/slices-0.npz"}], "q4": [{"dataset": "learning/slices-0.npz"}],
    "q5": [RANGE, ALL], "q6": [RANGE], "q7": [RANGE, ALL],
}  # fmt: skip
"""A range is that of two workflows. The bar of Q5 is for a range, as the paper asks it."""

EVENTS, EVENT_BAR_US, PUBLISHED_EVENT_US = 15_000, 10.0, 573.0
ASKABLE_BAR_S = 1.0

RECORDING = """
import sys, time, whence
sections = int(sys.argv[1]) // 3
with whence.run("training") as run, run.stage("training"):
    run.log_metric("loss", 1.0)
    began = time.process_time()
    for step in range(sections):
        with run.section("batch", step):
            run.log_metric("loss", 0.5, step)
    print((time.process_time() - began) / sections / 3 * 1e6)
"""
"""As the paper's load: a beginning and an end for each batch; ours has a loss in between."""


def run(quick: bool) -> list[Row]:
    """A row for each question, one for what an event costs, one for when it can be asked for."""
    with (
        tempfile.TemporaryDirectory(prefix="whence-bench-") as folder,
        studied(Path(folder), quick) as (store, executions),
    ):
        rows = [
            _asked(store, question, arguments, executions)
            for question in QUESTIONS
            for arguments in ARGUMENTS[question]
        ]
    with tempfile.TemporaryDirectory(prefix="whence-bench-") as folder:
        create_store(Path(folder) / ".whence")
        return [*rows, _captured(Path(folder), EVENTS // 10 if quick else EVENTS), _askable()]


@contextmanager
def studied(folder: Path, quick: bool) -> Iterator[tuple[Store, int]]:
    """The index of the study, and how many executions it has; a tenth of them when quick."""
    study = Study(folder, epochs=30 if quick else 300)
    executions = study.write()
    began = time.process_time()
    with open_store(study.journal.store) as store:
        took = time.process_time() - began
        print(f"  {executions:,} executions folded in {took:.0f} s CPU", file=sys.stderr)
        yield store, executions


def _asked(store: Store, question: str, arguments: dict[str, Any], executions: int) -> Row:
    called: dict[str, Any] = {
        name: _number(store, value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }
    took, found = _quickest(lambda: QUESTIONS[question].call(store, **called))
    assert found.rows, question
    bar, published = BARS_MS[question], PUBLISHED_MS.get(question)
    is_judged = not (question == "q5" and arguments == ALL)
    return Row(
        what=f"{question} over {executions:,} executions ({len(found.rows)} rows)"
        + (", all 8 workflows" if arguments == ALL else ""),
        measured=f"{took:.1f} ms",
        floor=f"published: {published} ms" if published else f"bar: {bar} ms",
        ratio=took / (published or bar),
        bar=f"at most {bar} ms" if is_judged else "none",
        ok=took <= bar if is_judged else None,
    )


def _number(store: Store, name: str) -> int:
    """The node that was last called so and is no read of another."""
    return store.numbers_named(name)[0]


def _quickest(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least time of a few tries, in ms, and what the work gave."""
    times, found = [], work()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = work()
        times.append((time.perf_counter() - began) * 1e3)
    return min(times), found


def _captured(folder: Path, events: int) -> Row:
    """CPU time for each event, the mean over eight workflows that record at once."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RECORDING, str(events)],
            cwd=folder, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(8)
    ]  # fmt: skip
    costs = [float(process.communicate(timeout=300)[0]) for process in started]
    mean = sum(costs) / len(costs)
    return Row(
        what=f"capture, 8 workflows of {events:,} events through the declared API",
        measured=f"{mean:.2f} us CPU an event",
        floor=f"published: {PUBLISHED_EVENT_US:g} us",
        ratio=mean / PUBLISHED_EVENT_US,
        bar=f"at most {EVENT_BAR_US:g} us",
        ok=mean <= EVENT_BAR_US,
    )


ASKABLE = """
import sys, whence
with whence.run("training") as run:
    for line in sys.stdin:
        for step in range(int(line), int(line) + 750):
            with run.section("batch", step):
                pass
        run.log_metric("last", 1.0, int(line))
        print("told", flush=True)
"""


def _askable() -> Row:
    """How long it takes from an event until an answer has it: the longest of twenty, while 1,500
    events are recorded between one and the next."""
    with tempfile.TemporaryDirectory(prefix="whence-bench-") as folder:
        create_store(Path(folder) / ".whence")
        process = subprocess.Popen(
            [sys.executable, "-c", ASKABLE],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        took = []
        for number in range(20):
            process.stdin.write(f"{number}\n")
            process.stdout.readline()
            began = time.perf_counter()
            with open_questions(cwd=folder) as asked:
                (training,) = asked.store.runs()
                found = asked.store.points(training.number, "last")
            took.append(time.perf_counter() - began)
            assert [point.step for point in found] == list(range(number + 1))
        process.stdin.close()
        process.wait(60)
    longest = max(took)
    return Row(
        what="from an event to an answer that has it, the longest of 20",
        measured=f"{longest * 1e3:.0f} ms",
        floor="published: 5 s",
        ratio=longest / 5,
        bar=f"at most {ASKABLE_BAR_S:g} s",
        ok=longest <= ASKABLE_BAR_S,
    )
