"""Tables to train on, and the edges of a training in one comparable form."""

from __future__ import annotations

from typing import Any


def table(rows: int, start: int) -> str:
    """A CSV table of two numbers and a label, the same for the same arguments."""
    lines = (f"{n % 7},{n % 3},{n % 2}\n" for n in range(start, start + rows))
    return "a,b,y\n" + "".join(lines)


def edges(answer: dict[str, Any]) -> set[tuple[str, int, str, str, int, str, str]]:
    """Of each edge: origin and line of its source; class, call, line of its sink; role, known."""
    return {
        (
            one["source"]["origin"] or one["source"]["call"],
            one["source"]["line"],
            one["sink"]["class"],
            one["sink"]["call"],
            one["sink"]["line"],
            one["role"],
            one["known"],
        )
        for one in answer["edges"]
    }
