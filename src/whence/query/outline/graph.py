"""An answer's nodes and edges, indexed for walking, with the parts of a run taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from whence.query.answer import Answer, AnswerEdge, AnswerNode

USES = frozenset({"used"})
MAKES = frozenset({"wasGeneratedBy"})
DERIVES = frozenset(
    {"wasDerivedFrom", "wasRevisionOf", "wasQuotedFrom", "hadPrimarySource", "alternateOf",
     "hadMember", "specializationOf", "wasInfluencedBy"}
)  # fmt: skip
FOLLOWS = frozenset({"wasInformedBy", "wasStartedBy"})


class Graph:
    """Walks an answer. The parts of a run share its memory, so a drawing takes them as one."""

    def __init__(self, answer: Answer) -> None:
        self.nodes: dict[str, AnswerNode] = {node.id: node for node in answer.nodes}
        self.up: dict[str, list[AnswerEdge]] = defaultdict(list)
        self.down: dict[str, list[AnswerEdge]] = defaultdict(list)
        self._parent: dict[str, str] = {}
        self._made: dict[str, set[str]] = {}
        self._used: dict[str, dict[str, AnswerEdge]] = {}
        for edge in answer.edges:
            if edge.relation == "partOf":
                self._adopt(edge)
            elif edge.source in self.nodes and edge.target in self.nodes:
                self.up[edge.source].append(edge)
                self.down[edge.target].append(edge)
        self._whole: dict[str, str] = {}
        self._parts: dict[str, list[str]] = defaultdict(list)
        for node in answer.nodes:
            if node.type == "activity":
                self._parts[self.whole(node.id)].append(node.id)

    def _adopt(self, edge: AnswerEdge) -> None:
        part, whole = self.nodes.get(edge.source), self.nodes.get(edge.target)
        if part is not None and whole is not None and whole.kind not in ("experiment", "project"):
            self._parent[edge.source] = edge.target

    def whole(self, activity: str) -> str:
        """The outermost activity that shares memory with this one."""
        path: list[str] = []
        seen = {activity}
        while activity not in self._whole:
            path.append(activity)
            parent = self._parent.get(activity)
            if parent is None or parent in seen:
                self._whole[activity] = activity
                break
            seen.add(parent)
            activity = parent
        top = self._whole[activity]
        for one in path:
            self._whole[one] = top
        return top

    def parts(self, whole: str) -> list[str]:
        """The activity itself and all that are part of it."""
        return self._parts[whole]

    def declared(self, whole: str, among: Iterable[str]) -> list[str]:
        """The runs in ``whole``, as `whence.run` makes them, that ``among`` took place in."""
        found: dict[str, None] = {}
        for activity in among:
            seen: set[str] = set()
            at: str | None = activity
            while at is not None and at != whole and at not in seen:
                seen.add(at)
                if self.nodes[at].kind == "run":
                    found.setdefault(at)
                    break
                at = self._parent.get(at)
        return list(found)

    def makers(self, entity: str) -> list[tuple[str, AnswerEdge]]:
        """The runs that generated it, each with the edge that says so."""
        return self._wholes(
            (edge.target, edge) for edge in self.up[entity] if edge.relation in MAKES
        )

    def users(self, entity: str) -> list[tuple[str, AnswerEdge]]:
        """The runs that used it, each with the edge that says so."""
        return self._wholes(
            (edge.source, edge) for edge in self.down[entity] if edge.relation in USES
        )

    def _wholes(self, found: Iterable[tuple[str, AnswerEdge]]) -> list[tuple[str, AnswerEdge]]:
        first: dict[str, AnswerEdge] = {}
        for activity, edge in found:
            first.setdefault(self.whole(activity), edge)
        return list(first.items())

    def made_within(self, whole: str) -> set[str]:
        """What the run generated."""
        made = self._made.get(whole)
        if made is None:
            down = (edge for part in self.parts(whole) for edge in self.down[part])
            made = self._made[whole] = {edge.source for edge in down if edge.relation in MAKES}
        return made

    def used_within(self, whole: str) -> dict[str, AnswerEdge]:
        """What the run used, with the first edge that says so."""
        first = self._used.get(whole)
        if first is None:
            first = self._used[whole] = {}
            for part in self.parts(whole):
                for edge in self.up[part]:
                    if edge.relation in USES:
                        first.setdefault(edge.target, edge)
        return first
