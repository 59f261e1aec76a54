"""A picture as SVG: boxes with their own ground, so that it reads on a light and a dark page.

Front ends show it as an image, where no style of the page and no script reaches. All text is
escaped; names are cut to their box and whole where one points at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from whence.jupyter.layered import layout
from whence.jupyter.picture import Box, Family, Link, Picture, cut
from whence.query.spelling import escaped

_WIDTH, _HEIGHT = 168.0, 40.0
_GAP, _ROW = 46.0, 54.0
_MARGIN, _CAPTION = 12.0, 24.0
_LETTER = 6.4
"""About the width of a letter of the title, in pixels."""
_GREY = "#7d828a"
"""Of lines and the caption: as far from white as from the ground of dark themes."""
_COLOURS: dict[Family, tuple[str, str]] = {
    "data": ("#dcebf9", "#3f7fb5"),
    "model": ("#fbe6cc", "#b97417"),
    "activity": ("#e9e2f5", "#7a5cb0"),
    "column": ("#dff2e4", "#3f8f59"),
    "other": ("#ececee", "#7d828a"),
}
_INK, _FAINT = "#1b1f24", "#4d535b"
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"


def draw(picture: Picture) -> str:
    """The picture as an SVG document; of a large one the part next to its subjects."""
    shown = cut(picture)
    index = {box.id: at for at, box in enumerate(shown.boxes)}
    links = [(index[one.source], index[one.target]) for one in shown.links]
    placed = layout(len(index), links, _in_time(shown.boxes, {target for _, target in links}))
    corners = [_corner(layer, row) for layer, row in placed.places]
    width = max((x for x, _ in corners), default=0.0) + _WIDTH + _MARGIN
    bends = [[_corner(layer, row) for layer, row in one] for one in placed.bends]
    lowest = max((y for _, y in [*corners, *(p for one in bends for p in one)]), default=0.0)
    lines = list(_wrapped(shown.caption, max(width, 320.0)))
    width, height = max(width, 320.0), lowest + _HEIGHT + _CAPTION + 14.0 * len(lines)
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{_FONT}" role="img" '
        f"aria-label={quoteattr(_safe(shown.title))}>",
        f"<title>{_text(shown.title)}</title>",
        '<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse">'
        f'<path d="M0 0.5 8 4 0 7.5z" fill="{_GREY}"/></marker></defs>',
    ]
    for one, through in zip(shown.links, bends, strict=True):
        pieces += _link(one, corners[index[one.source]], through, corners[index[one.target]])
    for box, corner in zip(shown.boxes, corners, strict=True):
        pieces += _box(box, *corner)
    for number, line in enumerate(lines):
        y = lowest + _HEIGHT + _CAPTION + 14.0 * number
        pieces.append(
            f'<text x="{_MARGIN}" y="{y:.0f}" font-size="11.5" fill="{_GREY}">{line}</text>'
        )
    return "\n".join([*pieces, "</svg>"])


def _in_time(boxes: Sequence[Box], led_to: set[int]) -> list[tuple[int, int]]:
    """What began just before each thing that nothing leads to, so that it stands after that."""
    timed = sorted((box.at, at) for at, box in enumerate(boxes) if box.at)
    return [(one, other) for (_, one), (_, other) in pairwise(timed) if other not in led_to]


def _corner(layer: int, row: float) -> tuple[float, float]:
    return _MARGIN + layer * (_WIDTH + _GAP), _MARGIN + row * _ROW


def _box(box: Box, x: float, y: float) -> Iterator[str]:
    ground, edge = _COLOURS[box.family]
    radius = 14 if box.family == "activity" else 4
    stroke = 2.5 if box.is_subject else 1.2
    yield f"<g><title>{_text(box.told or box.title)}</title>"
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_WIDTH}" height="{_HEIGHT}" rx="{radius}" '
        f'fill="{ground}" stroke="{edge}" stroke-width="{stroke}"/>'
    )
    weight = ' font-weight="600"' if box.is_subject else ""
    title_y = y + (17.0 if box.note else 24.5)
    yield (
        f'<text x="{x + 9:.1f}" y="{title_y:.1f}" font-size="12.5" fill="{_INK}"{weight}>'
        f"{_fitted(box.title, _LETTER)}</text>"
    )
    if box.note:
        yield (
            f'<text x="{x + 9:.1f}" y="{y + 32:.1f}" font-size="10.5" fill="{_FAINT}">'
            f"{_fitted(box.note, _LETTER * 0.86)}</text>"
        )
    yield "</g>"


def _link(
    link: Link,
    source: tuple[float, float],
    through: list[tuple[float, float]],
    target: tuple[float, float],
) -> Iterator[str]:
    middle = _HEIGHT / 2
    is_turned = target[0] <= source[0]  # it would have closed a circle
    if is_turned:
        source, target, through = target, source, through[::-1]
    points = [(source[0] + _WIDTH, source[1] + middle)]
    for x, y in through:
        points += [(x, y + middle), (x + _WIDTH, y + middle)]
    points.append((target[0] - 1, target[1] + middle))
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (to_x - x) / 2
        path.append(f"C{x + half:.1f} {y:.1f} {to_x - half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
    dashes = "" if link.is_certain else ' stroke-dasharray="5 3"'
    marker = "marker-start" if is_turned else "marker-end"
    label = f"<title>{_text(link.label)}</title>" if link.label else ""
    yield (
        f'<path d="{" ".join(path)}" fill="none" stroke="{_GREY}" stroke-width="1.3"{dashes} '
        f'{marker}="url(#to)">{label}</path>'
    )
    if link.label and not through:
        (x, y), (to_x, to_y) = points
        yield (
            f'<text x="{(x + to_x) / 2:.1f}" y="{(y + to_y) / 2 - 4:.1f}" font-size="9.5" '
            f'fill="{_GREY}" text-anchor="middle">'
            f"{_fitted(link.label, 5.2, _GAP - 8)}</text>"
        )


def _fitted(text: str, letter: float, width: float = _WIDTH - 16) -> str:
    """As much of the text as fits, escaped."""
    clean = escaped(text)
    most = int(width / letter)
    return escape(clean if len(clean) <= most else f"{clean[: most - 1]}…")


def _wrapped(text: str, width: float) -> Iterator[str]:
    line = ""
    for word in escaped(text).split():
        if line and (len(line) + 1 + len(word)) * _LETTER * 0.92 > width - 2 * _MARGIN:
            yield escape(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield escape(line)


def _text(text: str) -> str:
    return escape(_safe(text))


def _safe(text: str) -> str:
    """The text without what XML or a reader's eye takes for something else; lines stay."""
    return "\n".join(escaped(line) for line in text.splitlines())
