"""The answer: nodes, edges and how complete they are. Its JSON is a public contract.

The JSON Schema lies in ``whence/query/answer.schema.json`` and is printed by ``whence schema``.
"""

from __future__ import annotations

from typing import Any

import msgspec


class AnswerNode(msgspec.Struct, frozen=True):
    """A node: ``type`` is entity, activity or agent; ``digest`` is ``sha256:...`` or None."""

    id: str
    type: str
    kind: str
    name: str
    digest: str | None
    places: list[str]
    attributes: dict[str, Any]


class AnswerEdge(msgspec.Struct, frozen=True):
    """``source relation target``: "model wasGeneratedBy run". ``at`` is ISO 8601 in UTC or None."""

    source: str
    target: str
    relation: str
    role: str
    known: str
    at: str | None


class GapNote(msgspec.Struct, frozen=True):
    """Something that was not recorded, and of what."""

    code: str
    subject: str | None
    count: int
    detail: str


class Truncation(msgspec.Struct, frozen=True):
    """A limit that the user asked for was reached; ``frontier`` are the nodes not followed."""

    limit: str
    value: int
    frontier: list[str]


class Completeness(msgspec.Struct, frozen=True):
    """Complete means: no gap upstream (of an impact: downstream) and nothing cut."""

    complete: bool
    truncated: list[Truncation]
    gaps: list[GapNote]


class Answer(msgspec.Struct, frozen=True):
    """What a question gave. ``query`` repeats the question; ``nodes`` begin with the subject."""

    query: dict[str, Any]
    nodes: list[AnswerNode]
    edges: list[AnswerEdge]
    completeness: Completeness
