"""Claims: what events say of one node, and how two claims become one, in whatever order they come.

A claim's kind and name are those of the highest (rank, at, kind, name): what `EntityRecorded` and
the like say outranks what the opening of a file implies. A start is the earliest one; an end is
the activity's own before a witness's, then the latest.
"""

from __future__ import annotations

from typing import TypeVar

from whence.fold.batch import Claim
from whence.model.kind import CONTENT, NodeType
from whence.model.status import RUNNING

T = TypeVar("T", int, bytes)

IMPLIED, RECORDED = 1, 2
"""Ranks of kind and name: implied by a file's opening, or said outright."""

BY_WITNESS, OWN = 1, 2
"""Ranks of an end."""

NOTHING: Claim = (0, 0, 0, "", "", None, 0, None, "", None, None)
"""What is claimed of a node that is only referred to."""


def content_claim(size: int | None) -> Claim:
    """The claim for a content node of ``size`` bytes."""
    return (NodeType.ENTITY, RECORDED, 0, CONTENT, "", None, 0, None, "", None, size)


def merge_claims(one: Claim, other: Claim) -> Claim:
    """What both claims say together: commutative, associative, and equal claims change nothing."""
    if one == other:
        return one
    rank, at, kind, name = max(one[1:5], other[1:5])
    end_rank, ended_at, status = max(one[6:9], other[6:9], key=_end_order)
    return (
        max(one[0], other[0]),
        rank,
        at,
        kind,
        name,
        _earliest(one[5], other[5]),
        end_rank,
        ended_at,
        status if end_rank else max(one[8], other[8]),
        _largest(one[9], other[9]),
        _largest(one[10], other[10]),
    )


def started(at: int, kind: str, name: str) -> Claim:
    return (NodeType.ACTIVITY, RECORDED, at, kind, name, at, 0, None, RUNNING, None, None)


def ended(at: int, status: str, by_witness: bool) -> Claim:
    rank = BY_WITNESS if by_witness else OWN
    return (NodeType.ACTIVITY, 0, 0, "", "", None, rank, at, status, None, None)


def _end_order(end: tuple[int, int | None, str]) -> tuple[int, int, str]:
    return (end[0], end[1] or 0, end[2])


def _earliest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def _largest(one: T | None, other: T | None) -> T | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)
