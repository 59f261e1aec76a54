"""Which of the differences between two runs can have moved a metric.

A difference can't reach a metric when the whole way to the metric is known, in both runs, and the
difference is nowhere on it. All else may. Ways are those of data: that two models draw from one
random state, or share a module's globals, is no way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from whence.model.kind import SCORE
from whence.model.relation import Relation
from whence.query.diff import Difference, Kept, Section
from whence.query.diff.aspect import FlowDifference
from whence.query.diff.flow import Cause, FlowDiff, MetricReach, Pairs, source_name
from whence.query.diff.pairing import paired
from whence.query.diff.sections import parts_with_metrics, parts_with_params
from whence.query.flow import SinkCall
from whence.query.plain import plain
from whence.query.spelling import value
from whence.service.flow.anchors import Watched, last_of_each_place
from whence.service.flow.changedlines import ChangedCode
from whence.service.flow.edges import RunFlow, sink_call
from whence.service.flow.upstream import Upstream, Ways
from whence.store.protocol import Store

MOST_REASONS, MOST_COLUMNS, MOST_TOLD, MOST_TEXT = 3, 4, 3, 30
_USES = (("not used", "unused"), ("feature", "features"), ("label", "labels"))
"""What a column is for, the weightiest last."""

_RUN_KEYS = frozenset({"command", "argv", "cwd", "seed", "seeds", "entry_point", "status"})
"""What of the run itself can move a metric."""


class RunSide:
    """What is asked of one run when differences are followed to metrics."""

    def __init__(self, store: Store, flow: RunFlow, kept: Kept) -> None:
        self.flow, self.kept = flow, kept
        self.ways = Ways(store, flow)
        self.params = parts_with_params(store, flow.whole)
        self.metrics = parts_with_metrics(store, flow.whole)
        self.scores = [
            one
            for one in last_of_each_place(flow.anchors.evaluations)
            if one.node.kind == SCORE and "value" in one.attributes
        ]

    def measured(self, key: str) -> list[Watched]:
        """The calls that a metric of the run came from; none when the program said it itself."""
        part = _longest(key, self.metrics)
        if part is not None:
            watched = self.ways.watched.get(self.metrics[part])
            return [] if watched is None else [watched]
        sinks = (one for one in self.flow.anchors.sinks if key in _own_metrics(one, key))
        return [*(one for one in self.scores if _score_name(one) == key), *sinks]

    def readers(self, name: str) -> list[int] | None:
        """The calls that read an input, and the input; None when one is no call that is known."""
        whole = self.flow.whole
        nodes = {number for number, node in whole.nodes.items() if node.name == name}
        users = [
            edge.source
            for edge in whole.edges
            if edge.relation == Relation.USED and edge.target in nodes
        ]
        known = [user for user in users if user in self.ways.watched]
        return [*known, *nodes] if known else None


class _Moved(NamedTuple):
    """A metric that moved: where it was computed in each run, if that is known."""

    name: str
    left: Any
    right: Any
    call: SinkCall | None
    at: tuple[list[Watched], list[Watched]]


def metric_reach(
    left: RunSide, right: RunSide, sections: Sequence[Section], pairs: Pairs, flow: FlowDiff
) -> list[MetricReach]:
    """The metrics that moved, each with what can have moved it and what can't."""
    by_name = {section.name: section for section in sections}
    moved = list(_moved(left, right, by_name["metrics"]))
    if not moved:
        return []
    code = ChangedCode(left.flow, right.flow, by_name["code"], left.kept)
    return [_Reach(left, right, one, code).told(by_name, pairs, flow) for one in moved]


def _moved(left: RunSide, right: RunSide, metrics: Section) -> Iterator[_Moved]:
    """The scores that were seen and moved, then the other metrics."""
    told = set()
    pairs = paired(
        left.scores, right.scores,
        [
            lambda one: (_score_name(one), one.attributes.get("class"), _where(one), _line(one)),
            lambda one: (_score_name(one), one.attributes.get("class"), _where(one)),
            lambda one: (_score_name(one), one.attributes.get("class")),
            _score_name,
        ],
    )  # fmt: skip
    for a, b in pairs:
        if a is None or b is None:
            continue
        values = plain(a.attributes["value"]), plain(b.attributes["value"])
        if values[0] != values[1]:
            name = _score_name(a)
            told.add(name)
            yield _Moved(name, *values, sink_call(a), ([a], [b]))
    for one in metrics.differences:
        if one.change == "changed" and one.key not in told:
            at = left.measured(one.key), right.measured(one.key)
            call = sink_call(at[0][0]) if len(at[0]) == 1 else None
            yield _Moved(one.key, one.left, one.right, call, at)


class _Reach:
    """The differences, as they can reach one metric."""

    def __init__(self, left: RunSide, right: RunSide, moved: _Moved, code: ChangedCode) -> None:
        self._sides, self._moved, self._code = (left, right), moved, code
        self._back: tuple[Upstream, Upstream] = (
            left.ways.back(moved.at[0]), right.ways.back(moved.at[1])
        )  # fmt: skip
        why = [reason for back in self._back for reason in back.unknown]
        if not all(moved.at):
            why = ["the program said it itself"]
        self._why = list(dict.fromkeys(why))

    def told(self, sections: dict[str, Section], pairs: Pairs, flow: FlowDiff) -> MetricReach:
        moved = self._moved
        may: list[Cause] = []
        cannot: list[Cause] = []
        for cause, can in self._causes(sections, pairs, flow):
            (may if can or self._why else cannot).append(cause)
        shown, more = self._why[:MOST_REASONS], len(self._why) - MOST_REASONS
        reason = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
        return MetricReach(
            moved.name, moved.left, moved.right, moved.call, not self._why, reason, may, cannot
        )

    def _causes(
        self, sections: dict[str, Section], pairs: Pairs, flow: FlowDiff
    ) -> Iterator[tuple[Cause, bool]]:
        """Each difference, and whether it can reach the metric."""
        for one in sections["inputs"].differences:
            yield Cause("inputs", one.key, _columns(one.key, pairs, flow)), self._input(one)
        for source, (a, b) in zip(flow.sources, pairs.sources, strict=True):
            if source.change in ("added", "removed") or any(
                one.aspect == "call" for one in source.differences
            ):
                call = source.left or source.right
                assert call is not None
                yield (
                    Cause("sources", source_name(call)),
                    self._is_upstream(a.numbers if a else (), b.numbers if b else ()),
                )
        for sink, (c, d) in zip(flow.sinks, pairs.sinks, strict=True):
            told = [one for one in sink.differences if one.aspect != "parameter"]
            if sink.change in ("added", "removed") or told:
                learned = sink.left or sink.right
                assert learned is not None
                key = ".".join(word for word in (learned.class_, learned.call) if word)
                yield (
                    Cause("sinks", key, _short(told)),
                    self._is_upstream([c.number] if c else (), [d.number] if d else ()),
                )
        for one in sections["parameters"].differences:
            yield Cause("parameters", one.key, _sides(one)), self._parameter(one)
        for one in sections["code"].differences:
            if self._code.is_source(one):
                yield Cause("code", one.key), self._code.can_reach(one, self._back)
        for name in ("packages", "machine"):
            yield from ((Cause(name, one.key), True) for one in sections[name].differences)
        for one in sections["run"].differences:
            if one.key in _RUN_KEYS:
                yield Cause("run", one.key), True

    def _input(self, one: Difference) -> bool:
        """A file can reach it when a call that read it is upstream, or nobody knows who read it."""
        names = one.key.split(" → ") if one.change == "moved" else [one.key, one.key]
        for side, back, name in zip(self._sides, self._back, (names[0], names[-1]), strict=True):
            if not any(node.name == name for node in side.flow.whole.nodes.values()):
                continue
            readers = side.readers(name)
            if readers is None or back.nodes.intersection(readers):
                return True
        return False

    def _parameter(self, one: Difference) -> bool:
        """One of a call can reach it when the call is upstream; one of the run always may."""
        owned = False
        for side, back in zip(self._sides, self._back, strict=True):
            part = _longest(one.key, side.params)
            if part is None:
                continue
            owned = True
            number = side.params[part]
            if number in back.nodes or number not in side.ways.watched:
                return True
        return not owned

    def _is_upstream(self, left: Iterable[int], right: Iterable[int]) -> bool:
        return bool(
            self._back[0].nodes.intersection(left) or self._back[1].nodes.intersection(right)
        )


def _short(told: Sequence[FlowDifference]) -> str:
    """The differences of a call in short."""
    shown = [f"{one.aspect} {_sides(one)}" for one in told[:MOST_TOLD]]
    return "; ".join(shown) + (f" and {len(told) - MOST_TOLD} more" if told[MOST_TOLD:] else "")


def _sides(one: Difference | FlowDifference) -> str:
    for change, side, run in (("removed", one.left, "a"), ("added", one.right, "b")):
        if one.change == change:
            shown = "" if isinstance(side, dict) else f"{value(side, MOST_TEXT)} "
            return f"{shown}only in {run}"
    return f"{value(one.left, MOST_TEXT)} → {value(one.right, MOST_TEXT)}"


def _columns(name: str, pairs: Pairs, flow: FlowDiff) -> str:
    """The columns of an input that differ, with what they are for."""
    found: dict[str, None] = {}
    for at, (source, (a, b)) in enumerate(zip(flow.sources, pairs.sources, strict=True)):
        if not any(name in one.files for one in (a, b) if one is not None):
            continue
        for table in source.tables:
            uses = _uses(at, pairs)
            columns = [*(one.column for one in table.changed), *table.removed, *table.added]
            found.update((f"{one} ({uses[one]})" if one in uses else one, None) for one in columns)
    shown = [one for one in found if one][:MOST_COLUMNS]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more} more columns" if shown and more > 0 else "")


def _uses(source: int, pairs: Pairs) -> dict[str, str]:
    """What the columns of a source are for, in either run."""
    calls = [one.call for one in pairs.sources[source] if one is not None]
    sinks = [one for pair in pairs.sinks for one in pair if one is not None]
    edges = [edge for sink in sinks for _, edge in sink.edges if edge.source in calls]
    return {
        column: word
        for word, name in _USES
        for edge in edges
        for column in getattr(edge.columns, name)
    }


def _longest(key: str, parts: Iterable[str]) -> str | None:
    """The part that a key such as ``LogisticRegression.fit.C`` is of."""
    found = [part for part in parts if key == part or key.startswith(f"{part}.")]
    return max(found, key=len, default=None)


def _score_name(score: Watched) -> str:
    """The name of the metric that a score is recorded as."""
    return str(score.attributes["call"]).rpartition(".")[2]


def _own_metrics(sink: Watched, key: str) -> tuple[str, ...]:
    """The metrics of the run that a validation or a search gives, ``key`` if it is one of many."""
    if "best_params" in sink.attributes:
        return ("best_score",)
    if sink.node.kind != SCORE:
        return ()
    call = _score_name(sink)
    if call == "cross_validate":
        return (key,) if key.startswith(("test_", "train_")) else ()
    return ("score",) if call == "permutation_test_score" else (call,)


def _where(score: Watched) -> object:
    return score.attributes["file"], score.attributes.get("function")


def _line(score: Watched) -> object:
    return score.attributes["line"]
