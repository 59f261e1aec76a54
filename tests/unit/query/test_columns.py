"""What columns were for, put together from what calls took."""

from __future__ import annotations

from whence.query.columns import ColumnUse, Taken, column_uses, taken_by
from whence.query.flow import Columns, FlowEdge, SinkCall, SourceCall

READ = SourceCall("pandas.read_csv", "train.py", 3, "a.csv")
FIRST = SinkCall("fit", "Ridge", "train.py", 7)
SECOND = SinkCall("fit", "Lasso", "train.py", 9)


def edge(sink: SinkCall, known: str, **columns: list[str]) -> FlowEdge:
    return FlowEdge(READ, sink, "train", known, Columns(**columns))  # type: ignore[arg-type]


def test_a_column_is_unused_only_where_no_call_took_it() -> None:
    edges = [
        edge(FIRST, "inferred", features=["a"], labels=["y"], unused=["b", "c"]),
        edge(SECOND, "observed", features=["a", "b"], labels=["y"], unused=["c"]),
    ]
    assert column_uses(taken_by(edges)) == [
        ColumnUse("a", "feature", READ, [FIRST, SECOND], "observed"),
        ColumnUse("y", "label", READ, [FIRST, SECOND], "observed"),
        ColumnUse("c", "unused", READ, [], "observed"),
        ColumnUse("b", "feature", READ, [SECOND], "observed"),
    ]


def test_a_key_or_what_was_written_is_not_unused() -> None:
    taken = [
        *taken_by([edge(FIRST, "inferred", features=["a"], keys=["k"], unused=["w", "z"])]),
        Taken(READ, "w", "written", SECOND, "inferred"),
    ]
    assert {(one.column, one.use) for one in column_uses(taken)} == {
        ("a", "feature"), ("k", "key"), ("w", "written"), ("z", "unused"),
    }  # fmt: skip
