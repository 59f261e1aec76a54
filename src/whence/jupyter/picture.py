"""What a drawing shows: boxes, the links between them, and a caption. Places are not known yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from whence.query.spelling import escaped

Family = Literal["data", "model", "activity", "column", "other"]

MOST_BOXES = 60


class Box(NamedTuple):
    """A thing: what it is called, what it is, and what is told of it where one points at it.

    ``at`` is when something began, in a form that sorts; empty for what has no time.
    """

    id: str
    title: str
    note: str
    family: Family
    told: str = ""
    is_subject: bool = False
    at: str = ""


class Link(NamedTuple):
    """Something led from ``source`` to ``target``: ids of boxes, the earlier one first."""

    source: str
    target: str
    label: str = ""
    is_certain: bool = True


class Picture(NamedTuple):
    """Boxes and links; ``caption`` is the line below them."""

    title: str
    boxes: list[Box]
    links: list[Link]
    caption: str


def cut(picture: Picture, most: int = MOST_BOXES) -> Picture:
    """The picture with at most that many boxes, those nearest to its subjects, and saying so."""
    if len(picture.boxes) <= most:
        return picture
    near = set(_nearest(picture, most))
    left_out = len(picture.boxes) - len(near)
    return Picture(
        picture.title,
        [box for box in picture.boxes if box.id in near],
        [link for link in picture.links if link.source in near and link.target in near],
        f"{left_out:,} of {len(picture.boxes):,} are not drawn, the farthest; "
        f"the text has all. {picture.caption}",
    )


def _nearest(picture: Picture, most: int) -> Iterable[str]:
    beside: dict[str, list[str]] = {box.id: [] for box in picture.boxes}
    for link in picture.links:
        beside[link.source].append(link.target)
        beside[link.target].append(link.source)
    subjects = [box.id for box in picture.boxes if box.is_subject]
    seen = dict.fromkeys(subjects or [picture.boxes[0].id])
    waiting = deque(seen)
    while waiting and len(seen) < most:
        for other in beside[waiting.popleft()]:
            if other not in seen and len(seen) < most:
                seen[other] = None
                waiting.append(other)
    for box in picture.boxes:  # what nothing leads to
        if len(seen) < most:
            seen.setdefault(box.id)
    return list(seen)[:most]


def outline(picture: Picture) -> Iterator[str]:
    """The picture as lines of text: a tree from its subjects along the links."""
    boxes = {box.id: box for box in picture.boxes}
    after: dict[str, list[Link]] = {}
    for link in picture.links:
        after.setdefault(link.source, []).append(link)
    seen: set[str] = set()
    stack = [(Link("", box.id), "", "") for box in reversed(picture.boxes) if box.is_subject]
    while stack:
        link, guides, joint = stack.pop()
        box, again = boxes[link.target], link.target in seen and link.target in after
        words = [box.title, box.note, "" if link.is_certain else "(inferred)"]
        words.append("↑ see above" if again else "")
        yield guides + joint + "  ".join(escaped(word) for word in words if word)
        if again:
            continue
        seen.add(link.target)
        inner = guides + {"": "", "└─ ": "   ", "├─ ": "│  "}[joint]
        children = after.get(link.target, [])
        last = len(children) - 1
        stack.extend(
            (child, inner, "└─ " if at == last else "├─ ")
            for at, child in reversed(list(enumerate(children)))
        )
    yield ""
    yield escaped(picture.caption)
