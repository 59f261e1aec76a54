"""The store's answer to a filter is what a naive evaluation over the same runs gives."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.journal import JournalBuilder
from whence._base.ids import format_id
from whence.query.filter import parse_filter, parse_orders
from whence.query.search import find_runs
from whence.service.index import open_store
from whence.store.protocol import Store

RUNS: list[dict[str, Any]] = [
    {"name": "train", "params": {"lr": 0.1, "n": 3, "opt": "adam"}, "metrics": {"acc": 0.9}},
    {"name": "train", "params": {"lr": 0.01, "n": 30, "opt": "Adam"}, "metrics": {"acc": 0.95}},
    {"name": "Train", "params": {"lr": 1, "on": True}, "metrics": {"acc": math.nan}},
    {"name": "eval", "params": {"lr": "0.1", "n": "many"}, "metrics": {"acc": -1.5, "loss": 2.0}},
    {"name": "eval_2", "params": {}, "metrics": {}, "status": "failed"},
    {"name": "a%b_c", "params": {"lr": math.nan, "n": 0, "on": False}, "metrics": {"loss": 0.0}},
    {"name": "", "params": {"n": -7, "opt": ""}, "metrics": {"acc": math.inf}, "status": "failed"},
    {"name": "ünï", "params": {"opt": "ADAM*"}, "metrics": {"acc": 1e-12}, "tags": {"team": "x"}},
    {"name": "it's", "params": {"lr": None, "n": 2**53 + 1}, "metrics": {}, "tags": {"team": 3}},
    {"name": "x", "params": {"n": [1, 2], "opt": "a?[b]"}, "metrics": {"acc": 1}},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    journal = JournalBuilder(tmp_path_factory.mktemp("runs"))
    for spec in RUNS:
        run = journal.run(spec["name"])
        spec["id"] = format_id(run.id)
        run.params(**spec["params"])
        run.tags(**spec.get("tags", {}))
        for key, value in spec["metrics"].items():
            run.metric(key, 0.5, step=0)
            run.metric(key, value, step=1)
        run.ended(status=spec.get("status", "finished"))
        run.close()
    with open_store(Path(journal.store)) as opened:
        yield opened


def value_of(run: dict[str, Any], field: str) -> Any:
    space, _, key = field.rpartition(".")
    if space == "attributes" or not space:
        return {"name": run["name"], "status": run.get("status", "finished")}[key]
    value = run.get(space, {}).get(key)
    return value if value is None or is_number(value) else str(value)


def is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def matches(value: Any, operator: str, constant: Any) -> bool:
    """What the documentation says of one comparison."""
    if value is None or value != value:
        return False
    if operator in ("like", "ilike"):
        if not isinstance(value, str):
            return False
        pattern = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in constant)
        flags = re.S | (re.I | re.A if operator == "ilike" else 0)
        return re.fullmatch(pattern, value, flags) is not None
    comparable = (is_number(value) and is_number(constant)) or (
        isinstance(value, str) and isinstance(constant, str)
    )
    if operator == "!=":
        return not comparable or value != constant
    if not comparable:
        return False
    return {
        "=": value == constant,
        "<": value < constant,
        "<=": value <= constant,
        ">": value > constant,
        ">=": value >= constant,
    }[operator]


class Question:
    """A filter as text, and the same as a naive predicate."""

    def __init__(self, text: str, holds: Any) -> None:
        self.text, self.holds = text, holds

    def __repr__(self) -> str:
        return self.text


def spelled(constant: Any) -> str:
    if isinstance(constant, bool):
        return str(constant)
    if isinstance(constant, str):
        return "'" + constant.replace("'", "''") + "'"
    return repr(constant)


numbers = st.sampled_from([0, 1, 3, 30, -7, 0.1, 0.01, 0.9, 0.95, -1.5, 2**53 + 1, 1e-12])
texts = st.sampled_from(
    ["adam", "Adam", "many", "", "train", "eval", "ADAM*", "it's", "x", "a?[b]"]
)
patterns = st.sampled_from(
    ["%", "a%", "A%", "%a_", "____", "a?%", "%*", "%[b]", "a%b_c", "Tr%", "%ï"]
)
typed_fields = st.sampled_from(["params.lr", "params.n", "params.opt", "params.on", "tags.team"])
number_fields = st.sampled_from(["metrics.acc", "metrics.loss"])
operators = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


@st.composite
def comparisons(draw: st.DrawFn) -> Question:
    shape = draw(
        st.sampled_from(["number", "text", "name", "like", "in", "null", "metric", "status"])
    )
    if shape == "like":
        field = draw(st.one_of(typed_fields, st.just("name")))
        operator, pattern = draw(st.sampled_from(["like", "ilike"])), draw(patterns)
        return Question(
            f"{field} {operator} {spelled(pattern)}",
            lambda run: matches(value_of(run, field), operator, pattern),
        )
    if shape == "null":
        field = draw(st.one_of(typed_fields, number_fields))
        return Question(f"{field} is null", lambda run: value_of(run, field) is None)
    if shape == "in":
        field = draw(typed_fields)
        several = draw(st.lists(st.one_of(numbers, texts), min_size=1, max_size=3))
        return Question(
            f"{field} in ({', '.join(map(spelled, several))})",
            lambda run: any(matches(value_of(run, field), "=", one) for one in several),
        )
    field, operator, constant = draw(
        {
            "number": st.tuples(typed_fields, operators, st.one_of(numbers, st.booleans())),
            "text": st.tuples(typed_fields, operators, texts),
            "name": st.tuples(st.sampled_from(["name", "attributes.name"]), operators, texts),
            "metric": st.tuples(number_fields, operators, numbers),
            "status": st.tuples(
                st.just("status"),
                st.sampled_from(["=", "!="]),
                st.sampled_from(["failed", "finished"]),
            ),
        }[shape]
    )
    return Question(
        f"{field} {operator} {spelled(constant)}",
        lambda run: matches(value_of(run, field), operator, constant),
    )


def combined(parts: st.SearchStrategy[Question]) -> st.SearchStrategy[Question]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        parts.map(lambda a: Question(f"not ({a})", lambda run: not a.holds(run))),
        pairs.map(
            lambda ab: Question(
                f"({ab[0]}) and ({ab[1]})", lambda run: ab[0].holds(run) and ab[1].holds(run)
            )
        ),
        pairs.map(
            lambda ab: Question(
                f"({ab[0]}) or ({ab[1]})", lambda run: ab[0].holds(run) or ab[1].holds(run)
            )
        ),
    )


@given(st.recursive(comparisons(), combined, max_leaves=6))
def test_the_store_finds_the_runs_that_a_naive_evaluation_finds(
    store: Store, question: Question
) -> None:
    found = {format_id(run.uid) for run in find_runs(store, parse_filter(question.text)).runs}
    assert found == {run["id"] for run in RUNS if question.holds(run)}


@pytest.mark.parametrize("descending", [True, False])
def test_an_order_puts_missing_values_last_and_newer_runs_first_where_equal(
    store: Store, descending: bool
) -> None:
    text = f"metrics.acc {'desc' if descending else 'asc'}"
    found = [run.name for run in find_runs(store, order=parse_orders(text)).runs]
    known = ["", "x", "train", "train", "ünï", "eval"]
    assert found[:6] == (known if descending else known[::-1])
    assert sorted(found[6:]) == sorted(["Train", "eval_2", "a%b_c", "it's"])


def test_a_page_says_that_there_is_more(store: Store) -> None:
    page = find_runs(store, limit=3)
    assert ([run.name for run in page.runs], page.more) == (["x", "it's", "ünï"], True)
    assert not find_runs(store, limit=len(RUNS)).more
