"""How answers are drawn: what a person reads, whatever the size and whoever chose the names."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Literal

import pytest

from tests.support.effort import effort
from whence.query.answer import Answer, AnswerEdge, AnswerNode, Completeness, GapNote
from whence.query.outline.closing import closing_lines
from whence.query.outline.line import Piece, plain_text
from whence.query.outline.table import table_lines
from whence.query.outline.tree import Tree
from whence.query.spelling import duration, escaped, size, value

COMPLETE = Completeness(True, [], [])


def entity(name: str, kind: str = "file", **attributes: Any) -> AnswerNode:
    return AnswerNode(name, "entity", kind, name, None, [f"/p/{name}"], attributes)


def run(name: str, status: str = "finished", kind: str = "run") -> AnswerNode:
    return AnswerNode(name, "activity", kind, name, None, [], {"status": status})


def edge(
    source: str, relation: str, target: str, role: str = "", known: str = "observed"
) -> AnswerEdge:
    return AnswerEdge(source, target, relation, role, known, None)


def drawn(
    nodes: list[AnswerNode], edges: list[AnswerEdge], direction: Literal["up", "down"] = "up",
    **options: Any,
) -> list[str]:  # fmt: skip
    answer = Answer({}, nodes, edges, COMPLETE)
    return plain_text(Tree(answer, direction, **options).lines([nodes[0].id])).splitlines()


def chain(length: int) -> tuple[list[AnswerNode], list[AnswerEdge]]:
    """f0 made by r0 from f1 made by r1 from f2 ..."""
    nodes = [node for at in range(length) for node in (entity(f"f{at}"), run(f"r{at}"))]
    edges = []
    for at in range(length):
        edges.append(edge(f"f{at}", "wasGeneratedBy", f"r{at}"))
        if at + 1 < length:
            edges.append(edge(f"r{at}", "used", f"f{at + 1}"))
    return nodes, edges


def test_inputs_come_in_groups_data_before_code_before_environment() -> None:
    nodes = [entity("out"), run("r"), entity("Python 3.11", "environment"), entity("b.py", "code"),
             entity("a.py", "code"), entity("in.csv"), entity("0193abcdef", "commit")]  # fmt: skip
    edges = [
        edge("out", "wasGeneratedBy", "r"),
        edge("r", "used", "Python 3.11", "environment"),
        edge("r", "used", "b.py", "code"),
        edge("r", "used", "a.py", "code"),
        edge("r", "used", "0193abcdef", "commit"),
        edge("r", "used", "in.csv"),
    ]
    assert drawn(nodes, edges) == [
        "out",
        "└─ made by run r r  finished",
        "   ├─ data",
        "   │  └─ in.csv  found",
        "   ├─ code",
        "   │  ├─ a.py",
        "   │  ├─ b.py",
        "   │  └─ commit 0193abcdef",
        "   └─ environment",
        "      └─ Python 3.11",
    ]


def test_the_parts_of_a_run_are_taken_as_one_and_its_objects_left_out() -> None:
    frame = AnswerNode("df", "entity", "frame", "df", None, [], {})
    nodes = [entity("out"), run("r"), run("fit", kind="fit"), entity("in.csv"), frame]
    edges = [
        edge("fit", "partOf", "r"),
        edge("out", "wasGeneratedBy", "fit"),
        edge("out", "wasDerivedFrom", "df"),
        edge("df", "wasGeneratedBy", "r"),
        edge("df", "wasDerivedFrom", "in.csv"),
        edge("r", "used", "in.csv"),
        edge("fit", "used", "df"),
    ]
    assert drawn(nodes, edges) == [
        "out",
        "└─ made by run r r  finished",
        "   └─ data",
        "      └─ in.csv  found",
    ]


def test_an_edge_that_was_inferred_or_declared_is_marked() -> None:
    nodes = [entity("copy"), entity("original"), entity("said")]
    edges = [
        edge("copy", "alternateOf", "original", "by content", "inferred"),
        edge("copy", "wasDerivedFrom", "said", known="declared"),
    ]
    assert drawn(nodes, edges) == [
        "copy",
        "├─ the same bytes as original  (inferred by content)",
        "└─ derived from said  (declared)",
    ]


def test_a_cycle_ends_where_it_began() -> None:
    nodes = [entity("a"), entity("b")]
    edges = [edge("a", "wasDerivedFrom", "b"), edge("b", "wasDerivedFrom", "a")]
    assert drawn(nodes, edges) == ["a", "└─ derived from b"]
    nodes, edges = chain(3)
    lines = drawn(nodes, [*edges, edge("r2", "used", "f0")])
    assert lines[-1].strip() == "└─ f0  ↑ see above"


def test_a_deep_chain_goes_on_below_and_no_line_grows_without_end() -> None:
    nodes, edges = chain(5000)
    lines, calls = effort(lambda: drawn(nodes, edges))
    half = chain(2500)
    assert calls < 2.5 * effort(lambda: drawn(*half))[1]
    assert max(len(line) for line in lines) < 200
    shown = Counter(word for line in lines for word in line.split() if word[:1] in "fr")
    assert {f"f{at}" for at in range(5000)} <= shown.keys()
    onward = [line.rsplit("[", 1)[1].rstrip("]") for line in lines if "… goes on at [" in line]
    begun = [line[1:].split("]")[0] for line in lines if line.startswith("[")]
    assert onward == begun


def test_a_wide_group_says_how_many_it_leaves_out() -> None:
    many = [entity(f"in{at:05}") for at in range(30_000)]
    nodes = [entity("out"), run("r"), *many]
    edges = [edge("out", "wasGeneratedBy", "r"), *(edge("r", "used", node.id) for node in many)]
    lines = drawn(nodes, edges, width=20)
    assert len(lines) == 3 + 20 + 1
    assert lines[-1].strip() == "└─ … and 29,980 more (--full lists all)"
    assert len(drawn(nodes, edges, width=None)) == 3 + 30_000


def test_names_cannot_act_on_the_terminal() -> None:
    evil = "a\x1b[2J\r\nb\u202egnp.exe\x9b31m\u200b\udcff"
    (line,) = drawn([entity(evil)], [])
    assert line == r"a\x1b[2J\r\nb\u202egnp.exe\x9b31m\u200b\xff"
    assert escaped("ünï 漢字 ok") == "ünï 漢字 ok"


def test_the_last_line_says_complete_or_what_is_missing() -> None:
    nodes, edges = chain(2)
    assert plain_text(closing_lines(Answer({}, nodes, edges, COMPLETE), "upstream")) == (
        "complete: 1 file and 2 runs upstream, nothing is missing"
    )
    gaps = [GapNote("child-unreached", "r0", 2, "ls"), GapNote("child-unreached", "r1", 1, "cat")]
    incomplete = Completeness(False, [], [*gaps, GapNote("of-later", None, 1, "")])
    assert plain_text(closing_lines(Answer({}, nodes, edges, incomplete), "upstream")) == (
        "not complete: 1 file and 2 runs upstream\n"
        "      3 × a child Python process could not be watched  child-unreached: ls, cat\n"
        "      1 × of-later  of-later"
    )


def test_columns_line_up_with_wide_characters_and_give_way_when_narrow() -> None:
    rows = [[Piece("漢字"), Piece("x" * 40)], [Piece("ab"), Piece("y")]]
    assert plain_text(table_lines(("a", "b"), rows, None, (1,))) == (
        "a     b\n漢字  " + "x" * 40 + "\nab    y"
    )
    narrow = plain_text(table_lines(("a", "b"), rows, 20, (1,))).splitlines()
    assert narrow[1] == "漢字  " + "x" * 13 + "…"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 s"), (-1, "0.00 s"), (0.237, "0.24 s"), (9.994, "9.99 s"), (9.999, "10 s"),
        (59.4, "59 s"), (59.6, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (7530, "2 h 5 min"),
        (86400, "1 d"), (90000, "1 d 1 h"), (10**7, "115 d 17 h"),
    ],
)  # fmt: skip
def test_a_duration_has_the_two_units_that_matter(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1536, "1.5 kB"), (999_960, "1.0 MB"),
     (2_500_000_000, "2.5 GB"), (10**16, "10000.0 TB")],
)  # fmt: skip
def test_a_size_has_a_unit_of_a_thousand(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("anything", "text"),
    [
        (1e-7, "1e-07"),
        (1.0, "1.0"),
        (1, "1"),
        (True, "True"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
        ("a\nb", r"a\nb"),
        ([1, 2.0], "[1, 2.0]"),
        ("x" * 99, "x" * 59 + "…"),
    ],
)
def test_a_value_is_spelled_on_one_line_with_its_type_visible(anything: Any, text: str) -> None:
    assert value(anything) == text
