"""The backward slice of one column: which columns of which sources it is made of."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from whence.analysis.answer import Unknown
from whence.analysis.asked import Asked
from whence.analysis.columnname import column_names
from whence.analysis.columnstep import column_steps
from whence.analysis.context import Demand
from whence.analysis.depth import told_when_too_deep
from whence.analysis.expression import DEFAULT
from whence.analysis.keys import key_calls, key_parts
from whence.analysis.known import Known
from whence.analysis.layout import is_position
from whence.analysis.path import column_of, joined
from whence.analysis.program import Program, Start
from whence.analysis.ran import Ran
from whence.analysis.scope import last_name
from whence.analysis.site import Anchor, Site, span_of
from whence.analysis.tablecolumn import Undecided
from whence.analysis.world import World


class Origin(NamedTuple):
    """A column of a source; None when the source counts as a whole, as by a model's result."""

    source: Anchor
    column: str | None
    through: tuple[Site, ...] = ()


class ColumnSlice(NamedTuple):
    """What the values of a column are made of; which rows were taken does not count.

    ``is_new`` says that all of the way was followed, and that nothing on it came from a source.
    """

    origins: tuple[Origin, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    is_new: bool = False


class ColumnFlow:
    """Columns between the calls of a ``program`` that ran.

    ``columns`` has the names that were seen at sources, by the source's id.
    """

    def __init__(self, program: Program, columns: Mapping[bytes, Sequence[str]]) -> None:
        self._program = program
        self._columns = {source: tuple(names) for source, names in columns.items()}
        self._names = frozenset[str]().union(*self._columns.values())
        self._known = Known(self._seen, self._names)
        self._key_calls: dict[str, dict[int, list[ast.Call]]] = {}
        self._ran: Ran | None = None

    def origins(
        self,
        sink: Anchor,
        argument: str | int | None,
        column: str | None,
        position: int | None = None,
    ) -> ColumnSlice:
        """The columns of sources that ``column`` of an argument of ``sink`` is made of.

        ``argument`` and ``position`` are as for ``Program.slice``; without a ``column`` all of
        the argument is meant, as of an array that was a column. Raises AnalysisError for code
        that is nested too deeply.
        """
        with told_when_too_deep(sink.stack[0].file, sink.stack[0].line):
            return self._search(sink, argument, column, position)

    def _search(
        self, sink: Anchor, argument: str | int | None, column: str | None, position: int | None
    ) -> ColumnSlice:
        start = self._program.start(self._prepared(), sink, argument, position)
        if column is not None:
            part = (f"[{column}",)
            wanted = [one._replace(path=joined(one.path, part)) for one in start.demands]
            start = start._replace(demands=wanted)
        found, unknown = self._walked(start, sink, column)
        is_new = not found and not unknown
        if is_new:
            told = column or "all of it"
            reason = f"no source has a column that {told} can be told to come from"
            unknown = (Unknown(sink.stack[0], reason),)
        return ColumnSlice(found, unknown, is_new)

    def layout(
        self, sink: Anchor, argument: str | int | None, position: int | None = None
    ) -> tuple[str, ...] | None:
        """The columns of an argument in their order, also of an array, as far as the code shows.

        None where that is undecided. Raises as ``origins`` does.
        """
        start = self._program.start(self._prepared(), sink, argument, position)
        try:
            with told_when_too_deep(sink.stack[0].file, sink.stack[0].line):
                found = {self._known.columns(demand) for demand in start.demands}
        except Undecided:
            return None
        names = found.pop() if len(found) == 1 else ()
        return names if names and not any(map(is_position, names)) else None

    def keys(self, statement: Site, before: int) -> tuple[Origin, ...]:
        """The columns of sources by which the calls of a statement join or group.

        Sources that were called from ``before`` on don't count. Raises as ``origins`` does.
        """
        with told_when_too_deep(statement.file, statement.line):
            return self._keys(statement, before)

    def _keys(self, statement: Site, before: int) -> tuple[Origin, ...]:
        module = self._program.modules.get(statement.file)
        if module is None:
            return ()
        calls = self._key_calls.get(statement.file)
        if calls is None:
            calls = self._key_calls[statement.file] = key_calls(module.tree)
        ran = self._prepared()
        found: dict[Origin, None] = {}
        for call in calls.get(statement.line, ()):
            site = statement._replace(line=call.lineno, span=span_of(call))
            anchor = Anchor(b"", last_name(call), (site,), before)
            start = self._program.start(ran, anchor, None)
            if start.stack.innermost is None:
                continue
            at = Demand(call, start.stack.innermost.place, ran.context(start.stack))
            for part in key_parts(Asked(self._known, at, call)):
                origins, _ = self._walked(start._replace(demands=[part], unknown=[]), anchor, None)
                found.update(dict.fromkeys(one for one in origins if one.column is not None))
        return tuple(found)

    def _prepared(self) -> Ran:
        """The calls that ran, joined to the code as columns go through it."""
        if self._ran is None:
            names = column_names(self._program.modules.values(), self._names)
            self._names = names.columns
            columns = names.columns
            steps = column_steps(self._known, names.attributes)
            self._known.world = World(self._program.modules, steps, DEFAULT, False, columns)
            self._ran = self._program.ran_in(self._known.world)
        return self._ran

    def _walked(
        self, start: Start, sink: Anchor, column: str | None
    ) -> tuple[tuple[Origin, ...], tuple[Unknown, ...]]:
        """The columns of sources that the walk from ``start`` comes to, and what is not known."""
        walk = self._program.walk(self._prepared(), start)
        found: dict[tuple[bytes, str | None], Origin] = {}
        for demand, anchor in walk.reached:
            if anchor.order < sink.order:
                for name in self._names_of(demand, anchor, column):
                    way = walk.walk.through(demand)
                    found.setdefault((anchor.id, name), Origin(anchor, name, way))
        return tuple(found.values()), tuple(dict.fromkeys(walk.unknown))

    def _seen(self, demand: Demand) -> tuple[str, ...] | None:
        """The columns of a source, in their order, where all its calls gave the same."""
        assert self._ran is not None
        calls = self._ran.anchors_at(demand.node)
        found = {self._columns.get(anchor.id) for _, anchors in calls for anchor in anchors}
        return found.pop() if len(found) == 1 else None

    def _names_of(self, demand: Demand, anchor: Anchor, asked: str | None) -> list[str | None]:
        """The column that is asked of a source, when the source has it."""
        path = column_of(demand.path, self._names)
        known = self._columns.get(anchor.id)
        if not path:
            # Under a key that is not known the column of that name is the most likely.
            is_any = None in demand.path and known is not None and asked in known
            return [asked if is_any else None]
        names = [key[1:] for key in path if isinstance(key, str) and key.startswith("[")]
        if len(set(names)) > 1 or (known is not None and names[0] not in known):
            return []  # a column has no columns
        return [names[0]]
