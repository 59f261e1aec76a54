"""What the lints look at: an excerpt's nodes and edges, by the questions that the lints ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from whence.model.kind import (
    FIT,
    MODEL,
    RUN,
    STAGE,
    SURROUNDINGS,
    NodeType,
)
from whence.model.relation import Relation
from whence.standards.record.excerpt import Excerpt, Item
from whence.store.protocol import Node

NOT_DATA = SURROUNDINGS | {MODEL}
TRAINING, TESTING = frozenset({"training"}), frozenset({"evaluation", "test", "testing"})


class Use(NamedTuple):
    """An entity that an activity used, in a role."""

    entity: int
    role: str


class Facts:
    """One pass over an excerpt; numbers are those of its store."""

    def __init__(self, excerpt: Excerpt) -> None:
        self.nodes: dict[int, Node] = {}
        self.used: dict[int, list[Use]] = defaultdict(list)
        self.made: dict[int, list[tuple[int, str, int | None]]] = defaultdict(list)
        self.maker: dict[int, int] = {}
        self.made_at: dict[int, int] = {}
        self.derived: list[tuple[int, int]] = []
        self.parent: dict[int, int] = {}
        self.content: dict[int, int] = {}
        self.measured: dict[int, list[str]] = {}
        for item in excerpt.items():
            self._take(item)

    def runs(self) -> Iterator[Node]:
        """The runs that are no part of another."""
        return (node for node in self.nodes.values() if node.kind == RUN)

    def run_of(self, number: int) -> Node | None:
        """The run that an activity is part of, or that made an entity."""
        at: int | None = self.maker.get(number, number)
        seen: set[int] = set()
        while at is not None and at not in seen:
            node = self.nodes.get(at)
            if node is not None and node.kind == RUN:
                return node
            seen.add(at)
            at = self.parent.get(at)
        return None

    def within(self, number: int, kinds: frozenset[str], stages: frozenset[str]) -> bool:
        """Whether an activity, or one that it is part of, is of such a kind or stage."""
        at: int | None = number
        seen: set[int] = set()
        while at is not None and at not in seen:
            node = self.nodes.get(at)
            if node is None:
                return False
            if node.kind in kinds or (node.kind == STAGE and node.name in stages):
                return True
            seen.add(at)
            at = self.parent.get(at)
        return False

    def trains(self, activity: int) -> bool:
        return self.within(activity, frozenset({FIT}), TRAINING)

    def tests(self, activity: int) -> bool:
        """Whether it is in a stage for testing; a bare score may be the training score."""
        return self.within(activity, frozenset(), TESTING)

    def is_data(self, number: int) -> bool:
        node = self.nodes.get(number)
        return node is not None and node.kind not in NOT_DATA and node.type == NodeType.ENTITY

    def name(self, number: int) -> str:
        node = self.nodes.get(number)
        return "something unknown" if node is None else (node.name or node.kind)

    def _take(self, item: Item) -> None:
        node, number = item.node, item.node.number
        self.nodes[number] = node
        if item.metrics:
            self.measured[number] = [metric.key for metric in item.metrics]
        for edge in item.edges:
            relation, target = edge.relation, edge.target
            if relation == Relation.USED:
                self.used[number].append(Use(target, edge.role))
            elif relation == Relation.WAS_GENERATED_BY:
                self.made[target].append((number, edge.role, edge.at))
                self.maker.setdefault(number, target)
                if edge.at is not None:
                    self.made_at[number] = max(edge.at, self.made_at.get(number, edge.at))
            elif relation in (Relation.WAS_DERIVED_FROM, Relation.WAS_REVISION_OF):
                self.derived.append((number, target))
            elif relation == Relation.PART_OF:
                self.parent[number] = target
            elif relation == Relation.SPECIALIZATION_OF:
                self.content[number] = target
