"""How long reading a script takes: its syntax, and the slice back from every call that learns.

The anchors are all calls that the static view finds at the top of a script, as if each had run.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks import corpus
from benchmarks.peer import PeerUnavailableError
from benchmarks.row import Row
from whence.analysis.module import Module, read_module
from whence.analysis.program import Program
from whence.analysis.site import Anchor
from whence.analysis.static import StaticCall, static_flow
from whence.service.flow.names import DRAWS, is_sink, is_source

NAME = "reading a script for its flow"
LINES = 1000
REPEATS = 5


class Taken(NamedTuple):
    """Milliseconds of the parse, and of the index with all slices."""

    parse_ms: float
    slice_ms: float

    @property
    def whole_ms(self) -> float:
        return self.parse_ms + self.slice_ms


def run(quick: bool) -> list[Row]:
    try:
        scripts = corpus.scripts()
    except PeerUnavailableError as error:
        return [Row(what=NAME, measured="", floor=str(error), ratio=None, bar="", ok=None)]
    texts = [script.path.read_bytes() for script in scripts]
    single = [_taken(text) for text in texts]
    long = [_taken(text) for text in _joined(texts, 3 if quick else 10)]
    median = statistics.median(one.whole_ms for one in single)
    most = max(long, key=lambda one: one.whole_ms)
    return [
        _row(f"{len(single)} scripts: median", median, 2, _parse(single)),
        _row(f"{len(long)} scripts of {LINES} lines: the longest", most.whole_ms, 50,
             f"of which the parse: {most.parse_ms:.1f} ms"),
    ]  # fmt: skip


def _row(what: str, measured_ms: float, bar_ms: float, floor: str) -> Row:
    return Row(
        what=f"syntax and slices of {what}", measured=f"{measured_ms:.1f} ms CPU", floor=floor,
        ratio=None, bar=f"under {bar_ms} ms", ok=measured_ms < bar_ms,
    )  # fmt: skip


def _parse(taken: Sequence[Taken]) -> str:
    return f"of which the parse: {statistics.median(one.parse_ms for one in taken):.1f} ms"


def _joined(texts: Sequence[bytes], number: int) -> list[bytes]:
    """Scripts of about `LINES` lines, each made of several that stand one after the other."""
    draw = random.Random(0)
    plain = [text for text in texts if b"from __future__" not in text]
    found = []
    for _ in range(number):
        whole = b""
        for text in draw.sample(plain, len(plain)):
            whole += b"\n" + text
            if whole.count(b"\n") >= LINES:
                break
        found.append(whole)
    return found


def _taken(text: bytes) -> Taken:
    sources, sinks = _anchors(read_module(text, "script.py"))
    return min((_once(text, sources, sinks) for _ in range(REPEATS)), key=lambda t: t.whole_ms)


def _once(text: bytes, sources: Sequence[Anchor], sinks: Sequence[Anchor]) -> Taken:
    began = time.process_time_ns()
    module = read_module(text, "script.py")
    parsed = time.process_time_ns()
    program = Program({module.file: module}, sources, sinks, DRAWS)
    for sink in sinks:
        for argument in (0, 1):
            program.slice(sink, argument)
    ended = time.process_time_ns()
    return Taken((parsed - began) / 1e6, (ended - parsed) / 1e6)


def _anchors(module: Module) -> tuple[list[Anchor], list[Anchor]]:
    flow = static_flow(module, is_source, is_sink)
    sources = dict.fromkeys(edge.source for edge in flow.edges)
    return _as_anchors(sources), _as_anchors(flow.sinks)


def _as_anchors(calls: Sequence[StaticCall] | dict[StaticCall, None]) -> list[Anchor]:
    return [
        Anchor(str(call.site).encode(), call.call, (call.site,), call.site.line)
        for call in calls
        if call.site.function == "<module>"
    ]
