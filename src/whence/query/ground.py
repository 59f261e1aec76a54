"""Grounds: the statements of the user's code that an inferred edge of an answer rests on."""

from __future__ import annotations

import msgspec

from whence.query.cells import CellPlace


class CodeLine(msgspec.Struct, frozen=True):
    """A statement as the code had it when it ran; ``text`` is empty where that was not kept."""

    file: str
    line: int | str
    text: str
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class Ground(msgspec.Struct, frozen=True):
    """What the inferred edge ``source relation target`` of an answer rests on.

    ``statements`` go from the source's side to the target's, as the data went back; ``reason`` says
    what it rests on instead where it rests on no code.
    """

    source: str
    relation: str
    target: str
    role: str
    statements: list[CodeLine]
    reason: str = ""
