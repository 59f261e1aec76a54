"""The columns of a source as a sink took them: what the objects said, joined by the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whence.analysis.program import Program
from whence.model.kind import DATASET, FRAME
from whence.query.flow import Columns
from whence.service.flow.anchors import Watched
from whence.service.flow.identity import Identity
from whence.service.flow.join import Joined
from whence.service.flow.made import ColumnNames, Made, Making
from whence.store.protocol import Store

LABELS = frozenset({"y"})
WEIGHTS = frozenset({"sample_weight"})
GROUPS = frozenset({"groups"})
NEITHER = WEIGHTS | GROUPS
"""Arguments of a sink that are neither features nor labels."""

MOST_FOLLOWED = 500
"""Of a sink with more features none is followed through the code: names alone decide."""


class ColumnJoin:
    """Tells the columns of the edges of one run."""

    def __init__(
        self, store: Store, identity: Identity, program: Program, sources: Sequence[Watched]
    ) -> None:
        self._store, self._identity = store, identity
        self.making = Making(store, identity, program, sources)
        self._made: dict[tuple[int, str], dict[str, Made]] = {}
        self._names: dict[int, ColumnNames] = {}

    def told(self, joined: Joined) -> Columns:
        """What is told only where it is known: unused is a column when all that was given has
        names, and nothing that was given was made of it."""
        sink, of_source = joined.sink, self._of(joined)
        own = {source.anchor.id for source in joined.sources}
        given = self.given(sink)
        features = self._together(sink, [name for name in given if name not in LABELS | NEITHER])
        taken: dict[str, None] = {}
        derived: list[str] = []
        for feature, made in (features or {}).items():
            columns = _columns_of(made, own)
            taken.update(dict.fromkeys(columns))
            # Of a feature of which nothing is known, any source may have a part.
            if not made.is_told or (columns and columns != [feature]):
                derived.append(feature)
        others = [self._together(sink, [one for one in given if one in kind])
                  for kind in (LABELS, WEIGHTS, GROUPS)]  # fmt: skip
        named = [_all_of(one, own) for one in others]
        everything = [made for one in (features, *others) if one for made in one.values()]
        keys = self._keys(joined, own, everything)
        seen = {*taken, *keys, *(name for names in named for name in names)}
        is_known = (
            features is not None
            and others[0] is not None
            and all(one.is_told or one.is_new for one in everything)
        )
        labels, weights, groups = ([one for one in of_source if one in names] for names in named)
        return Columns(
            [name for name in of_source if name in taken],
            labels,
            [name for name in of_source if name not in seen] if is_known else [],
            derived,
            weights,
            groups,
            [name for name in of_source if name in keys],
        )

    def _keys(self, joined: Joined, sources: set[bytes], made: Iterable[Made]) -> set[str]:
        """The columns of those sources by which frames were joined or grouped on the way."""
        parts = (part for one in made for part in one.parts if part.source in sources)
        statements = dict.fromkeys(
            (*joined.through, *(site for part in parts for site in part.through))
        )
        before = joined.sink.anchor.order
        return {
            name
            for statement in statements
            for source, name in self.making.keys(statement, before)
            if source in sources
        }

    @staticmethod
    def given(call: Watched) -> dict[str, int]:
        """The arguments of a call that take data, with their positions."""
        found: dict[str, int] = call.attributes.get("data") or call.attributes.get("given") or {}
        return found

    def columns(self, call: Watched, argument: str) -> dict[str, Made] | None:
        """The columns that a call was given as an argument, with what each was made of.

        An array has no names: where the code tells of which columns it was made, it is as if it
        had theirs. None where that can't be told.
        """
        key = (call.node.number, argument)
        if key not in self._made:
            names = self._named(call, argument)
            if names is None:
                found = self._unnamed(call, argument)
            else:
                found = {name: self._of_argument(call, argument, name, names) for name in names}
            self._made[key] = found or {}
        return self._made[key] or None

    def _named(self, call: Watched, argument: str) -> list[str] | None:
        entity = self._identity.given(call, argument)
        if entity is None:
            return None
        # The target of a library's data set is that one entity, too, with the features' names.
        kinds = (FRAME,) if argument in LABELS | NEITHER else (FRAME, DATASET)
        return self._names_of(call).of([entity], *kinds)

    def _names_of(self, call: Watched) -> ColumnNames:
        found = self._names.get(call.node.number)
        if found is None:
            given = (self._identity.given(call, one) for one in self.given(call))
            entities = [entity for entity in given if entity is not None]
            found = self._names[call.node.number] = ColumnNames(self._store, entities)
        return found

    def _of_argument(
        self, call: Watched, argument: str, column: str | None, among: Sequence[str] = ()
    ) -> Made:
        return self.making.made_of(
            call.anchor,
            argument,
            column,
            self.given(call)[argument],
            self._identity.given(call, argument),
            by_name_only=len(among) > MOST_FOLLOWED,
        )

    def _unnamed(self, call: Watched, argument: str) -> dict[str, Made] | None:
        """The columns of an array, by those of the reads that it was made of."""
        whole = self._of_argument(call, argument, None)
        if whole.is_told:
            found: dict[str, Made] = {}
            for part in whole.parts:
                before = found.get(str(part.column), Made())
                found[str(part.column)] = Made((*before.parts, part))
            return found if self._is_all(call, argument, found) else None
        told = self.making.layout(call.anchor, argument, self.given(call)[argument])
        if told and len(told) <= MOST_FOLLOWED:
            columns = {name: self._of_argument(call, argument, name, told) for name in told}
            return columns if self._is_all(call, argument, columns, True) else None
        sources = dict.fromkeys(part.source for part in whole.parts)
        names = [one for source in sources for one in self.making.names[source]]
        if not names or len(names) > MOST_FOLLOWED:
            return None
        tried = {
            name: self._of_argument(call, argument, name, names) for name in dict.fromkeys(names)
        }
        found = {name: made for name, made in tried.items() if _is_itself(made, name)}
        return found if found and self._is_all(call, argument, found, True) else None

    def _is_all(
        self, call: Watched, argument: str, found: dict[str, Made], must_agree: bool = False
    ) -> bool:
        """Whether as many columns were found as the call took in that argument."""
        if argument in LABELS | NEITHER:
            return len(found) == 1 or not must_agree
        number = call.attributes.get("n_features")
        return number == len(found) or (number is None and not must_agree)

    def _together(self, sink: Watched, arguments: Iterable[str]) -> dict[str, Made] | None:
        """The columns of several arguments; None where those of one can't be told."""
        found: dict[str, Made] = {}
        for argument in arguments:
            columns = self.columns(sink, argument)
            if columns is None:
                return None
            found.update(columns)
        return found

    def _of(self, joined: Joined) -> list[str]:
        names = (name for one in joined.sources for name in self.making.names[one.anchor.id])
        return list(dict.fromkeys(names))


def _columns_of(made: Made, sources: set[bytes]) -> list[str]:
    """The columns of those sources that something was made of."""
    return list(
        dict.fromkeys(
            part.column for part in made.parts if part.source in sources and part.column is not None
        )
    )


def _all_of(columns: dict[str, Made] | None, sources: set[bytes]) -> set[str]:
    return {name for made in (columns or {}).values() for name in _columns_of(made, sources)}


def _is_itself(made: Made, name: str) -> bool:
    return made.is_told and {part.column for part in made.parts} == {name}
