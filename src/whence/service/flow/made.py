"""What the columns that a call was given were made of: by the objects, by the code, by names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from whence._base.errors import AnalysisError
from whence.analysis.columns import ColumnFlow
from whence.analysis.program import Program
from whence.analysis.site import Anchor, Site
from whence.service.flow.anchors import Watched
from whence.service.flow.identity import Identity
from whence.service.flow.queries import Queries, is_query
from whence.store.protocol import Store

TARGET = "target"
"""The column that a data set of a library has beside its features."""


class Part(NamedTuple):
    """A column of what a read brought in; None is all of it, when the column can't be told."""

    source: bytes
    column: str | None
    observed: bool = False
    through: tuple[Site, ...] = ()


class Made(NamedTuple):
    """What a column was made of, or why that can't be told.

    ``is_new`` says that the code made it, of nothing that was read.
    """

    parts: tuple[Part, ...] = ()
    reasons: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def is_told(self) -> bool:
        """Whether the columns are known that it was made of."""
        return bool(self.parts) and all(part.column is not None for part in self.parts)


class Making:
    """Follows the columns of one run back to those of its reads."""

    def __init__(
        self, store: Store, identity: Identity, program: Program, sources: Sequence[Watched]
    ) -> None:
        self._identity, self._program = identity, program
        self.queries = Queries(store, identity)
        self._sources = {source.anchor.id: source for source in sources}
        brought = {source.anchor.id: identity.brought_by(source) for source in sources}
        # What a lazy reader brings in has no columns yet: they are those of the file, if known.
        read = {one.anchor.id: [edge.target for edge in identity.read_by(one)] for one in sources}
        several = (*brought.values(), *read.values())
        names = ColumnNames(store, (one for entities in several for one in entities))
        self.names = {
            source: names.of(entities) or names.of(read[source]) or []
            for source, entities in brought.items()
        }
        for source in sources:
            if self.names[source.anchor.id] and source.attributes.get("call", "").startswith(
                ("load_", "fetch_", "make_")
            ):
                self.names[source.anchor.id].append(TARGET)
        known = {source: names for source, names in self.names.items() if names}
        self._flow = ColumnFlow(program, known)
        self._keys: dict[Site, list[tuple[bytes, str]]] = {}

    def made_of(
        self,
        call: Anchor,
        argument: str | int,
        column: str | None,
        position: int | None = None,
        entity: int | None = None,
        by_name_only: bool = False,
    ) -> Made:
        """What ``column`` (None: all) of an argument of a call was made of.

        ``entity`` is the object that was given, where it is known.
        """
        made = self._made_of(call, argument, column, position, entity, by_name_only)
        return self._behind(made)

    def _made_of(
        self,
        call: Anchor,
        argument: str | int,
        column: str | None,
        position: int | None,
        entity: int | None,
        by_name_only: bool,
    ) -> Made:
        reads = None if entity is None else self._identity.reads_of(entity)
        seen = None if reads is None else {read.anchor.id for read in reads}
        followed = Made() if by_name_only else self._followed(call, argument, column, position)
        parts = [part for part in followed.parts if seen is None or part.source in seen]
        exact = [part for part in parts if part.column is not None]
        if exact and len(exact) == len(parts):
            if seen is not None and {part.column for part in exact} == {column}:
                exact = [part._replace(observed=True) for part in exact]
            return Made(tuple(exact))
        if followed.is_new and seen is None:
            return followed
        among = seen if seen is not None else {part.source for part in parts}
        named = self._named(column, among or self._reached(call, argument, position))
        if named:  # also of an object that was seen: its columns may have been assigned to since
            return Made(tuple(named))
        if parts:  # where all of a source may count, its single columns tell nothing
            wholes = (part._replace(column=None) for part in parts)
            return Made(tuple(dict.fromkeys(wholes)), followed.reasons)
        whole = tuple(Part(source, None) for source in seen or ())
        return Made(whole, followed.reasons)

    def _behind(self, made: Made) -> Made:
        """The same by what was read: a query of frames in memory is a step on the way."""
        found: list[Part] = []
        for part in made.parts:
            source = self._sources[part.source]
            if self._identity.behind(source) == [source]:
                found.append(part)
            else:
                found += self._asked(source, part)
        if made.parts and not found:
            return Made(is_new=True)
        return made._replace(parts=tuple(dict.fromkeys(found)))

    def _asked(self, query: Watched, part: Part) -> Iterator[Part]:
        """The parts of what was read that a column of the result of a query is made of."""
        if part.column is None:
            for read in self._identity.behind(query):
                yield part._replace(source=read.anchor.id)
            return
        for entity, column, _ in self.queries.origins(query, part.column):
            for read in self._identity.reads_of(entity) or ():
                inner = Part(read.anchor.id, self._own(read, column), False, part.through)
                yield from self._behind(Made((inner,))).parts

    def _own(self, read: Watched, column: str | None) -> str | None:
        """The column, where what the read brought in had it."""
        if column is None or column in self.names[read.anchor.id]:
            return column
        is_told = is_query(read.attributes) and self.queries.gives(read, column)
        return column if is_told else None

    def layout(self, call: Anchor, argument: str | int, position: int | None) -> list[str]:
        """The columns of an argument by the code; empty where it does not tell."""
        try:
            return list(self._flow.layout(call, argument, position) or ())
        except AnalysisError:
            return []

    def keys(self, statement: Site, before: int) -> list[tuple[bytes, str]]:
        """The columns of reads by which the calls of a statement join or group."""
        found = self._keys.get(statement)
        if found is None:
            try:
                origins = self._flow.keys(statement, before)
            except AnalysisError:
                origins = ()
            found = [(one.source.id, one.column) for one in origins if one.column is not None]
            self._keys[statement] = found
        return found

    def _followed(
        self, call: Anchor, argument: str | int, column: str | None, position: int | None
    ) -> Made:
        try:
            at = self._flow.origins(call, argument, column, position)
        except AnalysisError as error:
            return Made((), (str(error),))
        parts = [Part(one.source.id, one.column, False, one.through) for one in at.origins]
        if at.is_new:
            return Made(is_new=True)
        return Made(tuple(parts), tuple(dict.fromkeys(one.reason for one in at.unknown)))

    def _reached(self, call: Anchor, argument: str | int, position: int | None) -> set[bytes]:
        """The reads that the argument as a whole came from."""
        try:
            found = self._program.slice(call, argument, position)
        except AnalysisError:
            return set()
        return {reached.source.id for reached in found.reached}

    def _named(self, column: str | None, among: set[bytes]) -> list[Part]:
        """The columns of that name of those reads."""
        return [
            Part(source, column)
            for source, names in self.names.items()
            if source in among and column in names
        ]


class ColumnNames:
    """The names of the columns of some entities, asked for at once."""

    def __init__(self, store: Store, entities: Iterable[int]) -> None:
        numbers = list(dict.fromkeys(entities))
        told = store.attributes_of(numbers)
        self._kinds = {node.number: node.kind for node in store.nodes(numbers)}
        self._told = {number: told.get(number, {}).get("columns") for number in numbers}

    def of(self, entities: Sequence[int], *kinds: str) -> list[str] | None:
        """The columns of them together; None where one has no names, or is of another kind."""
        found: dict[str, None] = {}
        for one in entities:
            columns = self._told.get(one)
            if columns is None or columns == [None] or (kinds and self._kinds[one] not in kinds):
                return None
            found.update(dict.fromkeys(map(str, columns)))
        return list(found)
