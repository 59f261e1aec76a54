"""A notebook run anew against its recorded session: what is the same, what differs, what can't be
told.

Values of variables are not recorded. What is compared of both is what the record has: the digests
of files and of what cells showed, the columns and rows of tables that were read, metrics, the class
and parameters of models, and which variables there are at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from whence._base.ids import format_id
from whence.model.kind import NOTEBOOK, OUTPUT, NodeType
from whence.model.relation import Relation
from whence.query.diff import Kept
from whence.query.diff.aligning import aligned
from whence.query.diff.tables import Table, compared
from whence.query.plain import clean
from whence.query.spelling import count
from whence.service.notebook.alike import Alike
from whence.service.notebook.compare import executions_of
from whence.service.notebook.compare_cells import Cell, cells_of
from whence.service.notebook.compare_facts import Facts, facts_of_executions
from whence.service.notebook.record import Execution
from whence.store.protocol import Node, Store

Kind = Literal["cell", "file", "table", "metric", "model", "parameter", "output", "variable"]
State = Literal["same", "differs", "not compared"]
_ORDER = {"differs": 0, "not compared": 1, "same": 2}


class Item(msgspec.Struct, frozen=True):
    """One thing of the two: ``recorded`` and ``fresh`` are digests, values or None. ``note`` says
    what differs, or why it can't be told."""

    kind: Kind
    name: str
    state: State
    recorded: Any = None
    fresh: Any = None
    note: str = ""
    cell: str = ""


class Reproduction(msgspec.Struct, frozen=True):
    """What a fresh run gave; ``items`` that differ come first, ``session`` is the recorded one.

    ``status`` is that of the fresh run; ``failure`` says at which cell it stopped, and why.
    """

    notebook: str
    session: str
    status: str
    tolerance: float
    items: list[Item]
    failure: str = ""
    kept_in: str = ""

    @property
    def is_same(self) -> bool:
        """Whether it ran to its end and nothing is known to differ."""
        return self.status == "finished" and all(one.state != "differs" for one in self.items)


class Side(NamedTuple):
    """A session in its store. ``root`` is the folder below which its files are named."""

    store: Store
    session: Node
    kept: Kept
    root: str


def reproduced(recorded: Side, fresh: Side, alike: Alike) -> list[Item]:
    """What is the same in two sessions of one notebook, and what is not; differences first."""
    before, after = _Taken(recorded), _Taken(fresh)
    items = [*_cells(before, after, alike), *_files(before, after, alike)]
    items += _variables(before, after)
    return sorted(items, key=lambda one: _ORDER[one.state])


class _Taken:
    """What is compared of a session."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.executions = executions_of(side.store, side.session)
        self.cells = cells_of(self.executions, side.kept)
        last = [one.execution for one in self.cells if one.execution is not None]
        self.facts = facts_of_executions(side.store, last)

    def facts_of(self, cell: Cell) -> Facts:
        return self.facts[cell.execution.n] if cell.execution else Facts()

    def variables(self) -> set[str]:
        """The names that are bound at the end."""
        found: set[str] = set()
        for one in self.executions:
            found |= set(one.bound)
            found -= set(one.deleted)
        return found

    def files(self) -> dict[str, tuple[str, bytes | None]]:
        """The files that it wrote, by their place below the root: place and last digest."""
        found = files_written(self.side.store, self.side.session)
        return {_below(place, self.side.root): (place, digest) for place, digest in found.items()}


def files_written(store: Store, session: Node) -> dict[str, bytes | None]:
    """The files that a session wrote, by their places, each with its last digest."""
    parts = [part for _, part in store.outlines([session.number])]
    made = [end for _, end in store.linked(parts, int(Relation.WAS_GENERATED_BY), "down")]
    found: dict[str, bytes | None] = {}
    for node in store.nodes(sorted(set(made))):
        if node.type == NodeType.ENTITY and node.kind not in (OUTPUT, NOTEBOOK) and node.places:
            found[os.fsdecode(node.places[0])] = node.digest
    return found


def _below(place: str, root: str) -> str:
    return os.path.relpath(place, root) if place.startswith(root.rstrip("/") + "/") else place


def _cells(recorded: _Taken, fresh: _Taken, alike: Alike) -> Iterator[Item]:
    for a, b in aligned(recorded.cells, fresh.cells):
        name = _name(a or b)
        if b is None:
            note = "it ran in the session, and is not in the notebook or did not run now"
            yield Item("cell", name, "differs", _state(a), None, note, name)
        elif a is None:
            note = "it did not run in the session"
            yield Item("cell", name, "not compared", None, _state(b), note, name)
        else:
            yield _cell(a, b, name)
            facts = recorded.facts_of(a), fresh.facts_of(b)
            yield from _of_facts(name, *facts, alike, (recorded.side.kept, fresh.side.kept))


def _cell(a: Cell, b: Cell, name: str) -> Item:
    edited = a.source != b.source
    note = "its code was edited since it ran" if edited else ""
    status = _state(a), _state(b)
    if status[0] != status[1]:
        note = "it ended otherwise"
    state: State = "differs" if note else "same"
    return Item("cell", name, state, *status, note, name)


def _name(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return cell.id or (cell.execution.cell if cell.execution else "")


def _state(cell: Cell | None) -> str:
    one: Execution | None = cell.execution if cell is not None else None
    return one.status if one is not None else ""


def _of_facts(
    cell: str, a: Facts, b: Facts, alike: Alike, kept: tuple[Kept, Kept]
) -> Iterator[Item]:
    yield from _values("metric", cell, a.metrics, b.metrics, alike)
    yield from _values("parameter", cell, a.parameters, b.parameters, alike)
    yield from _models(cell, a.models, b.models)
    for name in dict.fromkeys((*a.tables, *b.tables)):
        if name in a.outputs or name in b.outputs:
            continue  # a table that was written is compared as a file
        left, right = a.tables.get(name), b.tables.get(name)
        if left is None or right is None:
            yield Item("table", name, "differs", None, None, _only(left is None), cell)
            continue
        found = compared(name, left, right)
        sizes = _size(left), _size(right)
        if found.differs:
            yield Item("table", name, "differs", *sizes, "its columns or rows differ", cell)
        elif found.not_compared or found.unrecorded:
            note = "; ".join(found.not_compared) or "some columns are not recorded"
            yield Item("table", name, "not compared", *sizes, note, cell)
        else:
            yield Item("table", name, "same", *sizes, "", cell)
    yield from _shown(cell, a, b, alike, kept)


def _size(table: Table) -> str:
    return f"{table.rows:,} rows of {count(table.width, 'column')}"


def _values(
    kind: Kind, cell: str, a: Mapping[str, Any], b: Mapping[str, Any], alike: Alike
) -> Iterator[Item]:
    for name in dict.fromkeys((*a, *b)):
        if name not in a or name not in b:
            yield Item(kind, name, "differs", a.get(name), b.get(name), _only(name not in a), cell)
        else:
            same = alike.values(a[name], b[name])
            yield Item(kind, name, "same" if same else "differs", a[name], b[name], "", cell)


def _models(cell: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Item]:
    for name in dict.fromkeys((*a, *b)):
        if name not in a or name not in b:
            yield Item(
                "model", name, "differs", a.get(name), b.get(name), _only(name not in a), cell
            )
        elif a[name] != b[name]:
            yield Item("model", name, "differs", a[name], b[name], "of another class", cell)
        else:
            note = "what it learned is compared by the file that it was saved to, if it was"
            yield Item("model", name, "not compared", a[name], b[name], note, cell)


def _shown(cell: str, a: Facts, b: Facts, alike: Alike, kept: tuple[Kept, Kept]) -> Iterator[Item]:
    for name in dict.fromkeys((*a.shown, *b.shown)):
        left, right = a.shown.get(name), b.shown.get(name)
        if left is None or right is None:
            yield Item("output", name, "differs", None, None, _only(left is None), cell)
            continue
        if left.digest is None or right.digest is None:
            yield Item("output", name, "not compared", None, None, "a digest is missing", cell)
            continue
        digests = format_id(left.digest), format_id(right.digest)
        texts = kept[0](left.digest), kept[1](right.digest)
        same = left.digest == right.digest
        note = ""
        if not same and None not in texts:
            same = alike.contents(texts[0], texts[1])
            note = "the same within the tolerance" if same else ""
        yield Item("output", name, "same" if same else "differs", *digests, note, cell)


def _only(is_fresh: bool) -> str:
    return "only in the fresh run" if is_fresh else "not in the fresh run"


def _files(recorded: _Taken, fresh: _Taken, alike: Alike) -> Iterator[Item]:
    before, after = recorded.files(), fresh.files()
    for name in dict.fromkeys((*before, *after)):
        shown = clean(name)
        if name not in after:
            yield Item("file", shown, "differs", None, None, "the fresh run did not write it")
        elif name not in before:
            yield Item("file", shown, "differs", None, None, "only the fresh run wrote it")
        else:
            yield _file(shown, before[name], after[name], alike)


def _file(
    name: str, before: tuple[str, bytes | None], after: tuple[str, bytes | None], alike: Alike
) -> Item:
    (place, digest), (other_place, other) = before, after
    if digest is None or other is None:
        return Item("file", name, "not compared", None, None, "a digest is missing")
    digests = format_id(digest), format_id(other)
    if digest == other:
        return Item("file", name, "same", *digests)
    contents = alike.file(place, digest), alike.file(other_place, other)
    if None not in contents and alike.contents(*contents):
        return Item("file", name, "same", *digests, "the same within the tolerance")
    note = "" if contents[0] is not None else "the recorded one is no longer there to compare"
    return Item("file", name, "differs", *digests, note)


def _variables(recorded: _Taken, fresh: _Taken) -> Iterator[Item]:
    before, after = recorded.variables(), fresh.variables()
    for name in sorted(before | after):
        if name not in after:
            note = "a run from top to bottom does not define it"
            yield Item("variable", name, "differs", "defined", None, note)
        elif name not in before:
            note = "the session did not define it"
            yield Item("variable", name, "not compared", None, "defined", note)
