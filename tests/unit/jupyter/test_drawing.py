"""The drawing that `%whence` shows: places in order of time, safe text, a said cut."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from whence.jupyter.drawing import draw
from whence.jupyter.layered import layout
from whence.jupyter.picture import MOST_BOXES, Box, Link, Picture, cut, outline

SVG = "{http://www.w3.org/2000/svg}"


def chain(length: int, subject: int = 0) -> Picture:
    boxes = [Box(str(at), f"b{at}", "", "data", is_subject=at == subject) for at in range(length)]
    links = [Link(str(at), str(at + 1)) for at in range(length - 1)]
    return Picture("chain", boxes, links, "whole")


def texts(drawing: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(drawing).iter(f"{SVG}text")]


def test_a_box_stands_one_layer_after_the_latest_that_leads_to_it() -> None:
    placed = layout(4, [(0, 1), (1, 2), (0, 2), (3, 2)])
    assert [layer for layer, _ in placed.places] == [0, 1, 2, 1]
    assert [len(bends) for bends in placed.bends] == [0, 0, 1, 0]


def test_what_nothing_joins_still_stands_in_the_order_of_time() -> None:
    assert [layer for layer, _ in layout(3, [(0, 1)], [(1, 2)]).places] == [0, 1, 2]


def test_a_circle_is_drawn_all_the_same() -> None:
    assert [layer for layer, _ in layout(2, [(0, 1), (1, 0), (0, 0)]).places] == [0, 1]


def test_no_two_boxes_lie_on_one_another() -> None:
    links = [(a, 3 + b) for a in range(3) for b in range(5)]
    places = layout(8, links).places
    for layer in (0, 1):
        rows = sorted(row for one, row in places if one == layer)
        assert all(after - row >= 0.99 for row, after in pairwise(rows))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_picture_of_any_size_is_well_formed(count: int) -> None:
    drawing = draw(Picture("t", chain(count).boxes, [], "nothing is missing"))
    assert texts(drawing)[-1] == "nothing is missing"
    assert len(texts(drawing)) == count + 1


def test_names_are_never_markup() -> None:
    name = "</text><script>alert(1)</script>\"'&\u202e\x00\x1b[31m\ud800"
    box = Box("a", name, name, "data", name, is_subject=True)
    drawing = draw(Picture(name, [box], [Link("a", "a", name)], name))
    root = ET.fromstring(drawing)
    assert not root.findall(f".//{SVG}script")
    assert not any(sign in drawing for sign in ("\u202e", "\x00", "\x1b", "\ud800"))
    assert texts(drawing)[1].startswith("</text><script>")


def test_a_large_picture_keeps_what_is_near_and_says_what_is_left_out() -> None:
    shown = cut(chain(200, subject=100))
    numbers = sorted(int(box.id) for box in shown.boxes)
    assert (len(numbers), numbers[-1] - numbers[0]) == (MOST_BOXES, MOST_BOXES - 1)
    assert 100 in numbers
    assert shown.caption == "140 of 200 are not drawn, the farthest; the text has all. whole"
    assert len(shown.links) == MOST_BOXES - 1


def test_the_text_of_a_picture_is_a_tree_that_repeats_nothing() -> None:
    boxes = [Box("a", "a", "", "data", is_subject=True), *(Box(c, c, "", "data") for c in "bcd")]
    links = [Link("a", "b"), Link("a", "c", "", False), Link("b", "d"), Link("c", "d")]
    links.append(Link("d", "a"))
    assert list(outline(Picture("t", boxes, links, "whole"))) == [
        "a", "├─ b", "│  └─ d", "│     └─ a  ↑ see above", "└─ c  (inferred)",
        "   └─ d  ↑ see above", "", "whole",
    ]  # fmt: skip
