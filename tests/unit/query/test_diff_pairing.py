"""The calls of two runs are paired by what they are and where they stand."""

from __future__ import annotations

from typing import Any

from whence.query.diff.aspect import FlowDifference
from whence.query.diff.flow import FlowFacts, SinkFacts, diff_flows, pair_flows
from whence.query.diff.pairing import paired
from whence.query.flow import SinkCall


def sink(class_: str, line: int, function: str = "<module>", **params: Any) -> SinkFacts:
    return SinkFacts(SinkCall("fit", class_, "train.py", line), function, params, [], line)


def told(left: list[SinkFacts], right: list[SinkFacts]) -> list[tuple[Any, ...]]:
    facts = FlowFacts([], left), FlowFacts([], right)
    found = diff_flows(*facts, pair_flows(*facts)).sinks
    return [(one.change, one.left and one.left.line, one.right and one.right.line) for one in found]


def differences(left: SinkFacts, right: SinkFacts) -> list[FlowDifference]:
    facts = FlowFacts([], [left]), FlowFacts([], [right])
    (found,) = diff_flows(*facts, pair_flows(*facts)).sinks
    return found.differences


def test_what_is_most_alike_is_paired_first_and_in_order() -> None:
    assert paired(["ab", "ac", "b"], ["ac", "ad"], [str, lambda one: one[0]]) == [
        ("ab", "ad"), ("ac", "ac"), ("b", None),
    ]  # fmt: skip


def test_calls_whose_lines_moved_are_the_same() -> None:
    left = [sink("A", 3), sink("B", 5, "train")]
    assert told(left, [sink("B", 7, "train"), sink("A", 12)]) == [
        ("same", 3, 12), ("same", 5, 7),
    ]  # fmt: skip


def test_of_calls_of_one_class_that_with_the_same_parameters_is_the_same() -> None:
    left = [sink("A", 3, C=1), sink("A", 5, C=2)]
    right = [sink("A", 4, C=9), sink("A", 6, C=1), sink("A", 8, C=2)]
    assert told(left, right) == [("same", 3, 6), ("same", 5, 8), ("added", None, 4)]


def test_another_class_at_the_same_place_is_a_change_and_elsewhere_it_is_another_call() -> None:
    assert told([sink("A", 3)], [sink("B", 3)]) == [("changed", 3, 3)]
    assert told([sink("A", 3, "one")], [sink("B", 9, "two")]) == [
        ("removed", 3, None), ("added", None, 9),
    ]  # fmt: skip


def test_another_step_of_a_pipeline_is_told_once_and_not_by_its_parameters() -> None:
    left = sink("Pipeline", 3, steps=["scale", "svc"], scale="StandardScaler",
                scale__copy=True, svc="SVC", svc__C=1.0)  # fmt: skip
    right = sink("Pipeline", 3, steps=["scale", "forest"], scale="StandardScaler",
                 scale__copy=False, forest="Forest", forest__max_depth=3)  # fmt: skip
    assert differences(left, right) == [
        FlowDifference("step", "svc → forest", "changed", "SVC", "Forest"),
        FlowDifference("parameter", "scale__copy", "changed", True, False),
    ]


def test_a_step_of_the_same_name_and_another_class_keeps_the_parameters_of_both() -> None:
    left = sink("Pipeline", 3, scale="StandardScaler", scale__copy=True, scale__with_mean=True)
    right = sink("Pipeline", 3, scale="MinMaxScaler", scale__copy=False, scale__clip=False)
    assert differences(left, right) == [
        FlowDifference("step", "scale", "changed", "StandardScaler", "MinMaxScaler"),
        FlowDifference("parameter", "scale__copy", "changed", True, False),
    ]
