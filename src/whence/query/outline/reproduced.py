"""A notebook run anew against its recorded session, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from whence.query.outline.line import Line, Piece, Style
from whence.query.spelling import count, escaped, short_id, value

SHOWN = 40
_STYLES: dict[str, Style] = {"differs": "bad", "not compared": "warn", "same": "good"}


class Told(Protocol):
    """What `whence.service.notebook.reproduced.Item` says."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def recorded(self) -> Any: ...
    @property
    def fresh(self) -> Any: ...
    @property
    def note(self) -> str: ...
    @property
    def cell(self) -> str: ...


def reproduced_lines(
    items: Sequence[Told], session: str, failure: str, full: bool = False
) -> Iterator[Line]:
    """What differs, what could not be compared, what is the same; then the sum."""
    yield (Piece("compared with session "), Piece(short_id(session), "dim"))
    if failure:
        yield (Piece("the fresh run stopped at ", "bad"), Piece(escaped(failure), "bad"))
    for state, style in _STYLES.items():
        own = [one for one in items if one.state == state]
        if not own:
            continue
        yield ()
        yield (Piece(state, style), Piece(f"  {_kinds(own)}", "dim"))
        if state == "same" and not full:
            continue
        for one in own if full else own[:SHOWN]:
            yield _line(one)
        if not full and len(own) > SHOWN:
            yield (Piece(f"  … and {len(own) - SHOWN:,} more (--full lists all)", "dim"),)
    differing = sum(one.state == "differs" for one in items)
    yield ()
    if failure:
        yield (Piece("not reproduced: it did not run to its end", "bad"),)
    elif differing:
        yield (Piece(f"not reproduced: {count(differing, 'difference')}", "bad"),)
    else:
        yield (Piece("reproduced", "good"),)


def _kinds(items: Sequence[Told]) -> str:
    counts = Counter(one.kind for one in items)
    return ", ".join(count(number, kind) for kind, number in counts.items())


def _line(one: Told) -> Line:
    where = f"{escaped(one.cell)}: " if one.cell and one.cell != one.name else ""
    pieces = [Piece(f"  {one.kind:<9} "), Piece(where, "dim"), Piece(f"{escaped(one.name)}  ")]
    if one.state == "differs" and (one.recorded is not None or one.fresh is not None):
        pieces += [Piece(_side(one.recorded), "bad"), Piece(" → "), Piece(_side(one.fresh), "good")]
        pieces.append(Piece("  "))
    pieces.append(Piece(escaped(one.note), "dim"))
    return tuple(pieces)


def _side(anything: Any) -> str:
    if anything is None:
        return "nothing"
    if isinstance(anything, str) and anything.startswith("sha256:"):
        return short_id(anything)
    return value(anything)
