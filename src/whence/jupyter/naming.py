"""What a word after ``%whence`` names: an object in this notebook, or what the store knows."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from whence._base.errors import NotKnownError
from whence._base.ids import format_id
from whence.capture.guard import asked
from whence.capture.session import Session
from whence.observers.live import live_objects

_MOST_NAMES = 2_000


class Named(NamedTuple):
    """What a word names: what to ask the store for, and whether it is an object in memory."""

    thing: str
    is_object: bool = False


class Names:
    """The names of a notebook, ``namespace``, and what its session knows of what they name."""

    def __init__(self, namespace: Mapping[str, Any], session: Session | None) -> None:
        self._namespace, self._session = namespace, session

    def thing(self, word: str) -> Named:
        """What to ask the store for: an object's id, a path that a variable holds, or the word."""
        found, value = self._value(word)
        if not found or _is_code(value):
            return Named(word)
        if isinstance(value, str | os.PathLike):
            text = os.fspath(value)
            return Named(word if os.path.lexists(word) or not isinstance(text, str) else text)
        entity = self._entity_of(value)
        return Named(word) if entity is None else Named(format_id(entity), is_object=True)

    def explain(self, word: str, error: NotKnownError) -> NotKnownError:
        """The error for a word of which nothing is known: a variable is told so."""
        found, value = self._value(word)
        if not found or _is_code(value) or os.path.lexists(word):
            return error
        if self._session is None:
            return NotKnownError("Nothing is recorded in this notebook: %load_ext whence")
        kind = type(value).__name__
        return NotKnownError(
            f"Nothing is recorded of {word}, the {kind} that is in this notebook now. Known are "
            "frames, arrays and models that were read, made or fitted by watched calls since "
            "recording began; name the file or the run that it comes from"
        )

    def by_id(self) -> dict[str, str]:
        """The names of variables by the ids of what they hold, as answers spell these."""
        found: dict[str, str] = {}
        if self._session is None:
            return found
        live = live_objects(self._session)
        for name, value in list(self._namespace.items())[:_MOST_NAMES]:
            if name.startswith("_") or _is_code(value):
                continue
            entity = live.last_entity_of(value)
            if entity is not None:
                found.setdefault(format_id(entity), name)
        return found

    def names(self) -> list[str]:
        """The names of variables of which something is known."""
        return sorted(set(self.by_id().values()))

    def _value(self, word: str) -> tuple[bool, Any]:
        """Whether a word (``model``, ``search.best_estimator_``) is a name here, and its value."""
        first, *rest = word.split(".")
        if rest and os.path.lexists(word):
            return False, None
        if first not in self._namespace or not all(part.isidentifier() for part in rest):
            return False, None
        value = self._namespace[first]
        for part in rest:
            try:
                inspect.getattr_static(value, part)
            except AttributeError:
                return False, None
            value = asked(partial(getattr, value, part), None)
        return True, value

    def _entity_of(self, value: object) -> bytes | None:
        """What the session knows of an object, as it is now."""
        session = self._session
        if session is None:
            return None
        return asked(lambda: live_objects(session).entity_of(value), None)


def _is_code(value: object) -> bool:
    return inspect.ismodule(value) or inspect.isroutine(value) or inspect.isclass(value)
