"""The columns of a source as a sink took them: what the objects said, joined by the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whence._base.errors import AnalysisError
from whence.analysis.columns import ColumnFlow
from whence.analysis.program import Program
from whence.model.kind import DATASET, FRAME
from whence.query.flow import Columns
from whence.service.flow.anchors import Watched
from whence.service.flow.identity import Identity
from whence.service.flow.join import Joined
from whence.store.protocol import Store

LABELS = frozenset({"y"})
NEITHER = frozenset({"sample_weight", "groups"})
"""Arguments of a sink that are neither features nor labels."""

MOST_FOLLOWED = 500
"""Of a sink with more features none is followed through the code: names alone decide."""

MadeOf = dict[str, dict[bytes, list[str]]]
"""For each feature of a sink: the columns of each source (by its id) that it was made of."""


class ColumnJoin:
    """Tells the columns of the edges of one run."""

    def __init__(
        self, store: Store, identity: Identity, program: Program, sources: Sequence[Watched]
    ) -> None:
        self._store, self._identity = store, identity
        self._names = {
            source.anchor.id: self._named(identity.brought_by(source)) or [] for source in sources
        }
        known = {source: names for source, names in self._names.items() if names}
        self._flow = ColumnFlow(program, known)
        self._made: dict[int, MadeOf] = {}

    def told(self, joined: Joined) -> Columns:
        """What is told only where it is known: unused is a column when all that was given has
        names, and nothing that was given was made of it."""
        sink, of_source = joined.sink, self._of(joined)
        given = sink.attributes["data"]
        features = self._given(sink, [name for name in given if name not in LABELS | NEITHER])
        labels = self._given(sink, [name for name in given if name in LABELS], FRAME)
        made_of = self._made_of(sink, features or [])
        own = {source.anchor.id for source in joined.sources}
        taken: dict[str, None] = {}
        derived: list[str] = []
        for feature in features or ():
            columns = [one for source in own for one in made_of[feature].get(source, ())]
            taken.update(dict.fromkeys(columns))
            # Of a feature of which nothing is known, any source may have a part.
            if not made_of[feature] or (columns and columns != [feature]):
                derived.append(feature)
        told_labels = [name for name in labels or () if name in of_source]
        is_known = features is not None and labels is not None and all(made_of.values())
        seen = {*taken, *told_labels}
        return Columns(
            [name for name in of_source if name in taken],
            told_labels,
            [name for name in of_source if name not in seen] if is_known else [],
            derived,
        )

    def _made_of(self, sink: Watched, features: list[str]) -> MadeOf:
        found = self._made.get(sink.node.number)
        if found is None:
            argument = next((n for n in sink.attributes["data"] if n not in LABELS | NEITHER), None)
            found = {
                feature: self._followed(sink, argument, feature, len(features))
                for feature in features
            }
            self._made[sink.node.number] = found
        return found

    def _followed(
        self, sink: Watched, argument: str | None, feature: str, width: int
    ) -> dict[bytes, list[str]]:
        """The columns that a feature was made of; by its name alone where the code can't tell."""
        found: dict[bytes, list[str]] = {}
        if argument is not None and width <= MOST_FOLLOWED:
            position = sink.attributes["data"][argument]
            try:
                at = self._flow.origins(sink.anchor, argument, feature, position)
            except AnalysisError:
                at = None
            for origin in at.origins if at is not None else ():
                if origin.column is not None:
                    found.setdefault(origin.source.id, []).append(origin.column)
        return found or {
            source: [feature] for source, names in self._names.items() if feature in names
        }

    def _of(self, joined: Joined) -> list[str]:
        names = (name for one in joined.sources for name in self._names[one.anchor.id])
        return list(dict.fromkeys(names))

    def _given(self, sink: Watched, arguments: Iterable[str], *kinds: str) -> list[str] | None:
        """The columns of what was given as ``arguments``; None where one of them has no names."""
        found: dict[str, None] = {}
        for argument in arguments:
            entity = self._identity.given(sink, argument)
            names = None if entity is None else self._named([entity], *(kinds or (FRAME, DATASET)))
            if names is None:
                return None
            found.update(dict.fromkeys(names))
        return list(found)

    def _named(self, entities: list[int], *kinds: str) -> list[str] | None:
        told = self._store.attributes_of(entities)
        if kinds and any(node.kind not in kinds for node in self._store.nodes(entities)):
            # The target of a library's data set is that one entity, too, with the features' names.
            return None
        found: dict[str, None] = {}
        for one in entities:
            columns = told.get(one, {}).get("columns")
            if columns is None:
                return None
            found.update(dict.fromkeys(map(str, columns)))
        return list(found)
