"""Pages of entities, the latest first."""

from __future__ import annotations

import msgspec

from whence._base.errors import UsageError
from whence._base.ids import format_id, parse_id
from whence.query.answer import AnswerNode
from whence.query.describe import answer_nodes
from whence.store.protocol import Store


class EntityPage(msgspec.Struct, frozen=True):
    """``next`` is the cursor of the page that follows, None on the last."""

    items: list[AnswerNode]
    next: str | None


def entity_page(store: Store, kind: str | None, limit: int, cursor: str | None) -> EntityPage:
    """A page of the entities of a kind (of all kinds but content without), latest first.

    Raises UsageError for a cursor that is none.
    """
    below = None if cursor is None else _number(store, cursor)
    nodes = store.entities(kind, below, limit + 1)
    page = nodes[:limit]
    last = format_id(page[-1].uid) if len(nodes) > limit else None
    return EntityPage(answer_nodes(store, page), last)


def _number(store: Store, cursor: str) -> int:
    """The number of the last entity of the page before, which the cursor names by its id."""
    uid = parse_id(cursor)
    number = None if uid is None else store.number_of(uid)
    if number is None:
        raise UsageError("The cursor is none that this server gave; begin without one")
    return number
