"""What a call that learns was given: which of its arguments are data, and which entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whence.observers.describe import is_array, is_frame
from whence.observers.notes import Notes

Given = Sequence[tuple[str, Any]]
"""Arguments by name, in the order of the parameters."""


def data_arguments(given: Given) -> dict[str, int]:
    """The names of the arguments that can hold data, with their positions in the call."""
    return {
        name: position
        for position, (name, value) in enumerate(given)
        if value is not None and not isinstance(value, str | bytes | bool | int | float | complex)
    }


def used_data(notes: Notes, given: Given) -> list[tuple[str, bytes]]:
    """The entities of the arguments; a table or array not seen before becomes one."""
    found = []
    for role, value in given:
        entity = notes.live.entity_of(value)
        if entity is None and (is_frame(value) or is_array(value)):
            entity = notes.thing(value, role)
        if entity is not None:
            found.append((role, entity))
    return found


def known_data(notes: Notes, given: Given) -> list[tuple[str, bytes]]:
    """The entities of those arguments that are known."""
    found = ((role, notes.live.entity_of(value)) for role, value in given)
    return [(role, entity) for role, entity in found if entity is not None]
