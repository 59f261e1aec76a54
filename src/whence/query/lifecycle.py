"""The life of an artifact by phase and by person: before, during and after it was made.

Phases are the stages of `whence.model.kind.STAGES`. A run is in the phase that its stages name, or
that a tag ``phase`` names; else in the one that what it did shows (a fit is training, a score is
evaluation); else in none, which is said and not guessed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.model.kind import FIT, PERSON, RUN, SCORE, STAGE, STAGES
from whence.model.relation import Relation
from whence.query.answer import Completeness
from whence.query.completeness import completeness
from whence.query.describe import iso
from whence.query.plain import clean
from whence.query.profile import Profile, profiles
from whence.store.protocol import Node, Store

UNNAMED = ""


class Step(msgspec.Struct, frozen=True):
    """One run in the life of the artifact.

    ``phase`` is empty where none is known; ``known``: ``declared`` by a stage or tag, ``inferred``
    from what the run did. ``people`` in their roles. ``made``: what it wrote, by name.
    """

    id: str
    name: str
    phase: str
    known: str
    status: str
    started_at: str | None
    ended_at: str | None
    people: dict[str, str]
    made: list[str]


class Lifecycle(msgspec.Struct, frozen=True):
    """The steps of the artifact's life, earliest first, with how far they lie from it."""

    subject: str
    steps: list[Step]
    completeness: Completeness


def lifecycle(store: Store, subject: Node) -> Lifecycle:
    """The runs before and after ``subject``."""
    up, _ = store.closure([subject.number], "up")
    down, _ = store.closure([subject.number], "down")
    numbers = sorted({*up, *down})
    runs = [node for node in store.nodes(numbers) if node.kind == RUN]
    runs.sort(key=lambda node: (node.started_at or 0, node.uid))
    steps = [step for around in profiles(store, runs) for step in _steps(store, around)]
    return Lifecycle(format_id(subject.uid), steps, completeness(store, numbers))


def _steps(store: Store, around: Profile) -> list[Step]:
    """The run once for each phase that it went through."""
    phases = _phases(store, around) or {UNNAMED: ""}
    return [_step(around, phase, known) for phase, known in phases.items()]


def _step(around: Profile, phase: str, known: str) -> Step:
    run = around.run
    made = sorted({clean(node.name) for node, _ in around.outputs() if node.name})
    return Step(
        format_id(run.uid), clean(run.name), phase, known, run.status, iso(run.started_at),
        iso(run.ended_at), _people(around), made,
    )  # fmt: skip


def _phases(store: Store, around: Profile) -> dict[str, str]:
    parts = store.nodes(around.parts)
    named = {one.name: "declared" for one in parts if one.kind == STAGE and one.name in STAGES}
    tag: Any = store.tags(around.run.number).get("phase")
    if isinstance(tag, str) and tag in STAGES:
        named[tag] = "declared"
    if named:
        return named
    kinds = {one.kind for one in parts}
    if FIT in kinds:
        return {"training": "inferred"}
    return {"evaluation": "inferred"} if SCORE in kinds else {}


def _people(around: Profile) -> dict[str, str]:
    found: dict[str, str] = {}
    for edge in around.edges:
        agent: Node | None = around.nodes.get(edge.target)
        if edge.relation == Relation.WAS_ASSOCIATED_WITH and agent and agent.kind == PERSON:
            found[clean(agent.name)] = edge.role or "user"
    return found
