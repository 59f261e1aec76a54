"""The runs of an excerpt, each with its parts, what it used and what it made, all in memory.

Exports that tell of runs, rather than of nodes and edges, are made from this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from whence.model import kind as kinds
from whence.model.kind import GROUPS, NodeType
from whence.model.relation import Relation
from whence.standards.record.excerpt import Excerpt, Item
from whence.store.protocol import Edge, Gap

_CODE = "code"


def sha256_of(item: Item) -> str | None:
    """The SHA-256 of a thing's bytes; None where it is not known, or no digest of bytes."""
    node = item.node
    if node.digest is None or len(node.digest) != 32 or node.kind == kinds.DIRECTORY:
        return None
    return node.digest.hex()


def columns_of(item: Item) -> list[tuple[str, str]]:
    """The names of a thing's columns, each with its type as its library writes it, or nothing."""
    names, types = (item.said.attributes.get(key) for key in ("columns", "dtypes"))
    if not isinstance(names, list):
        return []
    told = types if isinstance(types, list) and len(types) == len(names) else [""] * len(names)
    return [(str(name), str(type_)) for name, type_ in zip(names, told, strict=True)]


def rows_of(item: Item) -> int | None:
    """How many rows a thing has."""
    shape = item.said.attributes.get("shape")
    first = shape[0] if isinstance(shape, (list, tuple)) and shape else None
    return first if type(first) is int else None


def start_of(item: Item) -> int:
    """When an activity started, as far as is known; what has no time comes last."""
    node = item.node
    at = node.started_at if node.started_at is not None else node.ended_at
    return 2**63 if at is None else at


@dataclass
class Run:
    """An activity that is no part of another here. ``edges`` are its own and its parts'."""

    item: Item
    account: Account
    parent: int | None = None
    parts: list[Item] = field(default_factory=list)
    made: dict[int, Edge] = field(default_factory=dict)

    @cached_property
    def used(self) -> dict[int, Edge]:
        """What it and its parts used, by the first edge that says so."""
        found: dict[int, Edge] = {}
        for activity in (self.item, *self.parts):
            for edge in activity.edges:
                if edge.relation == Relation.USED:
                    found.setdefault(edge.target, edge)
        return found

    def inputs(self) -> list[Item]:
        """The data that came from outside, in order of use."""
        things = ((self.account.items[number], edge) for number, edge in self.used.items())
        return [
            thing
            for thing, edge in things
            if thing.node.number not in self.made
            and thing.node.type == NodeType.ENTITY
            and thing.node.kind not in kinds.SURROUNDINGS
            and edge.role not in (_CODE, kinds.NOTEBOOK)
            and not thing.is_live
        ]

    def outputs(self) -> list[Item]:
        """What it made that outlives it, in order of making."""
        return [item for item in self._made() if not item.is_live]

    def _made(self) -> Iterator[Item]:
        return (self.account.items[number] for number in self.made)

    def surrounding(self, kind: str) -> list[Item]:
        """The code, commit, diff or environment that it used."""
        return [
            self.account.items[number]
            for number, edge in self.used.items()
            if self.account.items[number].node.kind == kind
            or (kind == kinds.CODE and edge.role == _CODE)
        ]

    def facts(self, kind: str) -> dict[str, Any]:
        """The attributes of its environment or commit; empty where none was recorded."""
        found = self.surrounding(kind)
        return found[0].said.attributes if found else {}

    @property
    def code(self) -> Item | None:
        """The script it ran; of a kernel session the last version of its notebook."""
        if self.notebooks:
            return self.notebooks[-1]
        found = self.surrounding(kinds.CODE)
        return found[0] if found else None

    @cached_property
    def notebooks(self) -> list[Item]:
        """The versions of its notebook that a kernel session used, in order; else none."""
        if self.item.said.attributes.get("session") != "kernel":
            return []
        edges = [one for one in self.item.edges if one.relation == Relation.USED]
        edges.sort(key=lambda one: one.at or 0)
        found = [self.account.items[one.target] for one in edges if one.role == kinds.NOTEBOOK]
        return list({item.node.number: item for item in found}.values())

    @property
    def cells(self) -> list[Item]:
        """The executions of cells, in order of time."""
        return self.parts_of_kind(kinds.CELL)

    def agents(self) -> list[Item]:
        """Who it was associated with."""
        relation = Relation.WAS_ASSOCIATED_WITH
        ends = (e.target for e in self.item.edges if e.relation == relation)
        return [self.account.items[end] for end in dict.fromkeys(ends)]

    def parts_of_kind(self, kind: str) -> list[Item]:
        """Its calls of a kind, such as fits, in order of time."""
        return [part for part in self.parts if part.node.kind == kind]


class Account:
    """All of an excerpt: ``items`` by number, ``runs`` by time, ``gaps``."""

    def __init__(self, excerpt: Excerpt) -> None:
        self.excerpt = excerpt
        self.items = {item.node.number: item for item in excerpt.items()}
        self.gaps: list[Gap] = list(excerpt.gaps())
        self._made_by: dict[int, list[int]] = {}
        self._makers: dict[int, Run] = {}
        self._parents = self._find_parents()
        self.runs = self._find_runs()

    def subjects(self) -> list[Item]:
        """The things that were asked for; empty when all of a store was."""
        return [self.items[number] for number in self.excerpt.subjects]

    def things(self, *kinds_: str) -> list[Item]:
        """The entities of some kinds, by number."""
        return [
            item
            for item in self.items.values()
            if item.node.type == NodeType.ENTITY and item.node.kind in kinds_
        ]

    def sources(self, item: Item, *relations: Relation) -> list[Item]:
        """What the item's edges of these relations lead to."""
        ends = (edge.target for edge in item.edges if edge.relation in relations)
        return [self.items[end] for end in dict.fromkeys(ends)]

    def maker(self, item: Item) -> Run | None:
        """The run that made a thing, itself or by one of its parts."""
        return self._makers.get(item.node.number)

    def made_by(self, activity: Item) -> list[Item]:
        """What an activity itself made."""
        return [self.items[number] for number in self._made_by.get(activity.node.number, ())]

    def groups(self, run: Run) -> list[Item]:
        """The experiment and project of a run."""
        return self.sources(run.item, Relation.PART_OF_GROUP)

    def latest(self) -> int | None:
        """The last moment that the excerpt tells of; an export made again has the same."""
        times = [
            at
            for item in self.items.values()
            for at in (item.node.started_at, item.node.ended_at, *(e.at for e in item.edges))
            if at is not None
        ]
        return max(times, default=None)

    def _find_parents(self) -> dict[int, int]:
        parents: dict[int, int] = {}
        for item in self.items.values():
            for edge in item.edges:
                if edge.relation == Relation.PART_OF:
                    parents.setdefault(edge.source, edge.target)
                elif edge.relation == Relation.HAS_PART:
                    parents.setdefault(edge.target, edge.source)
        return {
            part: whole
            for part, whole in parents.items()
            if part in self.items and self._is_activity(whole)
        }

    def _is_activity(self, number: int) -> bool:
        item = self.items.get(number)
        if item is None:
            return False
        return item.node.type == NodeType.ACTIVITY and item.node.kind not in GROUPS

    def _find_runs(self) -> list[Run]:
        runs: dict[int, Run] = {}
        numbers = [number for number in self.items if self._is_activity(number)]
        for number in sorted(numbers, key=lambda one: (start_of(self.items[one]), one)):
            above = self._whole(number)
            run = runs.get(above)
            if run is None:
                parent = self._parents.get(above)
                outer = None if parent is None else self._whole(parent)
                run = runs[above] = Run(self.items[above], self, outer)
            if number != above:
                run.parts.append(self.items[number])
        for source, edge in self._generations():
            run = runs[self._whole(edge.target)]
            run.made.setdefault(source, edge)
            self._makers.setdefault(source, run)
            self._made_by.setdefault(edge.target, []).append(source)
        return sorted(runs.values(), key=lambda run: (start_of(run.item), run.item.node.number))

    def _generations(self) -> Iterable[tuple[int, Edge]]:
        for number, item in self.items.items():
            for edge in item.edges:
                if edge.relation == Relation.WAS_GENERATED_BY and self._is_activity(edge.target):
                    yield number, edge

    def _whole(self, number: int) -> int:
        """The run that an activity is part of, or itself."""
        seen: set[int] = set()
        while number not in seen:
            seen.add(number)
            if self.items[number].node.kind == kinds.RUN or number not in self._parents:
                return number
            number = self._parents[number]
        return min(seen)
