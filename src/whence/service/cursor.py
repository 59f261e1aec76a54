"""Where a page of runs ended, as a text, and the criterion for what comes after it.

A cursor holds the values by which the last run was ordered, so that runs which come meanwhile move
nothing, and how many runs lie before, which is a quick guess where to look. In every order numbers
come before text (after it when descending) and what has no value last, as stores order them.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from math import inf, isnan
from typing import Annotated, Any
from zlib import crc32

import msgspec

from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.model.criterion import All, AnyOf, Comparison, Constant, Criterion, Field, Not, Order
from whence.model.kind import EXPERIMENT
from whence.model.relation import Relation
from whence.store.protocol import Node, Store

Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Value = Whole | float | str | None
Place = Sequence[Value]

STARTED, ID = Field("attributes", "start_time"), Field("attributes", "run_id")
BY_TIME = (Order(STARTED, True), Order(ID, True))
"""What settles the order of runs where nothing else does."""
NONE = AnyOf(())


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The place of the last run of a page, and how many runs there were up to it."""

    order: int
    before: Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
    place: list[Value]

    @property
    def run(self) -> Value:
        """The id of the last run: what every order ends with."""
        return self.place[-1]


def sealed(order: Sequence[Order], place: Place, before: int) -> str:
    """A cursor as a text."""
    raw = msgspec.msgpack.encode(Cursor(_mark(order), before, list(place)))
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def opened(cursor: str, order: Sequence[Order]) -> Cursor:
    """The cursor that a text holds. Raises UsageError where it holds none, or of another order."""
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = msgspec.msgpack.decode(raw, type=Cursor)
    except (ValueError, msgspec.MsgspecError) as error:
        raise UsageError("The cursor is none that this server gave; begin without one") from error
    if found.order != _mark(order) or len(found.place) != len(order):
        raise UsageError("The cursor is of another order; begin without one")
    return found


def _mark(order: Sequence[Order]) -> int:
    return crc32(repr([(o.field.space, o.field.key, o.descending) for o in order]).encode())


def after(order: Sequence[Order], place: Place) -> Criterion:
    """What all runs after that place meet, and no other."""
    found: list[Criterion] = []
    same: list[Criterion] = []
    for one, value in zip(order, place, strict=True):
        beyond = _beyond(one, value)
        if beyond != NONE:
            found.append(All((*same, beyond)))
        same.append(_equal(one.field, value))
    return AnyOf(tuple(found))


def _beyond(order: Order, value: Value) -> Criterion:
    field = order.field
    if value is None:
        return NONE
    parts: list[Criterion] = [Comparison(field, "<" if order.descending else ">", (value,))]
    if field.space in ("params", "tags"):
        if order.descending and isinstance(value, str):
            parts.append(_numeric(field))
        elif not order.descending and not isinstance(value, str):
            parts.append(_textual(field))
    return AnyOf((*parts, _missing(field)))


def _equal(field: Field, value: Value) -> Criterion:
    return _missing(field) if value is None else Comparison(field, "=", (value,))


def _missing(field: Field) -> Criterion:
    """Nothing to order by: no value, None or NaN."""
    if field.space == "attributes":
        return Comparison(field, "is null")
    if field.space == "metrics":
        return Not(_numeric(field))
    return Not(AnyOf((_numeric(field), _textual(field))))


def _numeric(field: Field) -> Criterion:
    return Comparison(field, "<=", (inf,))


def _textual(field: Field) -> Criterion:
    return Comparison(field, "like", ("%",))


def place_of(store: Store, run: Node, order: Sequence[Order]) -> Place:
    """The values by which a run is ordered."""
    return [_comparable(_value(store, run, one.field)) for one in order]


def _comparable(value: Any) -> Value:
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int | float | str) else str(value)


def _value(store: Store, run: Node, field: Field) -> Any:
    if field.space == "params":
        return store.params(run.number).get(field.key)
    if field.space == "tags":
        return store.tags(run.number).get(field.key)
    if field.space == "metrics":
        summaries = store.summaries([run.number]).get(run.number, [])
        return next((one.last for one in summaries if one.key == field.key), None)
    return _attribute(store, run, field.key)


def _attribute(store: Store, run: Node, key: str) -> Constant | None:
    own: dict[str, Constant | None] = {
        "run_id": format_id(run.uid),
        "name": run.name,
        "status": run.status,
        "kind": run.kind,
        "start_time": run.started_at,
        "end_time": run.ended_at,
    }
    if key in own:
        return own[key]
    if key in ("user", "host"):
        return _text(store.owner(run.number).get(key))
    edges = store.edges_at(run.number, "up")
    if key == "commit":
        used = [e.target for e in edges if e.relation == Relation.USED and e.role == "commit"]
        return min((node.name for node in store.nodes(used)), default=None)
    if key == "experiment":
        groups = store.nodes([e.target for e in edges if e.relation == Relation.PART_OF_GROUP])
        first = min(groups, key=lambda node: (node.kind != EXPERIMENT, node.name), default=None)
        return None if first is None else first.name
    return None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
