"""The columns of a source as a sink took them, from what the objects themselves said."""

from __future__ import annotations

from collections.abc import Iterable

from whence.model.kind import DATASET, FRAME
from whence.query.flow import Columns
from whence.service.flow.identity import Identity
from whence.service.flow.join import Joined
from whence.store.protocol import Store

LABELS = frozenset({"y"})
NEITHER = frozenset({"sample_weight", "groups"})
"""Arguments of a sink that are neither features nor labels."""


def columns_of(
    store: Store, identity: Identity, joined: Joined, all_joined: Iterable[Joined]
) -> Columns:
    """What is told only where it is known: a column is unused when all that was given has names.

    A feature that is a column of another source of the same sink was not made from this one.
    """
    of_source = _of_source(store, identity, joined)
    of_others = {
        name
        for other in all_joined
        if other.sink is joined.sink and other is not joined
        for name in _of_source(store, identity, other)
    }
    given = joined.sink.attributes["data"]
    features = _given(store, identity, joined, [n for n in given if n not in LABELS | NEITHER])
    labels = _given(store, identity, joined, [n for n in given if n in LABELS], FRAME)
    if not of_source:
        return Columns([], [], [], [name for name in features or () if name not in of_others])
    taken = {*(features or ()), *(labels or ())}
    is_known = features is not None and labels is not None
    return Columns(
        [name for name in features or () if name in of_source],
        [name for name in labels or () if name in of_source],
        [name for name in of_source if name not in taken] if is_known else [],
        [name for name in features or () if name not in of_others.union(of_source)],
    )


def _of_source(store: Store, identity: Identity, joined: Joined) -> list[str]:
    brought = [one for source in joined.sources for one in identity.brought_by(source)]
    return _names(store, brought) or []


def _given(
    store: Store, identity: Identity, joined: Joined, arguments: Iterable[str], *kinds: str
) -> list[str] | None:
    """The columns of what was given as ``arguments``; None where one of them has no names."""
    found: dict[str, None] = {}
    for argument in arguments:
        entity = identity.given(joined.sink, argument)
        names = None if entity is None else _names(store, [entity], *(kinds or (FRAME, DATASET)))
        if names is None:
            return None
        found.update(dict.fromkeys(names))
    return list(found)


def _names(store: Store, entities: list[int], *kinds: str) -> list[str] | None:
    told = store.attributes_of(entities)
    if kinds and any(node.kind not in kinds for node in store.nodes(entities)):
        # The target of a library's data set is that one entity, too, with the features' names.
        return None
    found: dict[str, None] = {}
    for one in entities:
        columns = told.get(one, {}).get("columns")
        if columns is None:
            return None
        found.update(dict.fromkeys(map(str, columns)))
    return list(found)
