"""Connections and cursors of SQLite that are watched: its own classes are closed to changes.

A connection that the user's own code makes, and that asks for no class of its own, is of a subclass
which behaves the same and tells what it executes. A library gets plain ones: what it reads is known
by that library's observer.
"""

from __future__ import annotations

import functools
import sqlite3
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from whence.observers.callsite import HIDDEN
from whence.observers.stand_in import without_our_frame

MOST_ALIKE = 1000
"""A place in the code that executes more often than this is from then on only counted."""

EXECUTING = ("execute", "executemany", "executescript")

Place = tuple[CodeType, int]


class Told:
    """What the connections of this process tell, as long as ``watched`` is filled.

    ``watched`` has for the plain methods the functions that tell of them; ``latest`` is the
    activity that was recorded last, which stands for what its place executes later.
    """

    def __init__(self) -> None:
        self.watched: dict[Callable[..., Any], Callable[..., Any]] = {}
        self.counts: dict[Place, int] = {}
        self.last: dict[Place, bytes] = {}
        self.latest: bytes | None = None

    def keep(self, place: Place) -> None:
        """Keep the activity that was just recorded, if one was, as that of its place."""
        if self.latest is not None:
            self.last[place], self.latest = self.latest, None


told = Told()


def _telling(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    """The method ``name`` that executes as ``plain`` does, and tells."""

    def method(self: Any, *given: Any, **named: Any) -> Any:
        frame = sys._getframe(1)
        place = (frame.f_code, frame.f_lasti)
        count = told.counts[place] = told.counts.get(place, 0) + 1
        execute = told.watched.get(plain, plain) if count <= MOST_ALIKE else plain
        try:
            result = execute(self, *given, **named)
        except BaseException as error:
            without_our_frame(error)
            raise
        told.keep(place)
        return result

    functools.update_wrapper(method, plain)
    method.__code__ = method.__code__.replace(co_filename=HIDDEN, co_name=name)
    return method


class Cursor(sqlite3.Cursor):
    """A cursor whose statements are told."""


class Connection(sqlite3.Connection):
    """A connection whose statements are told."""

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)


PLAIN: list[Callable[..., Any]] = []
"""The methods of SQLite's own classes that execute."""

for _made, _base in ((Cursor, sqlite3.Cursor), (Connection, sqlite3.Connection)):
    for _name in EXECUTING:
        _plain = getattr(_base, _name)
        PLAIN.append(_plain)
        setattr(_made, _name, _telling(_name, _plain))
    _made.__module__, _made.__doc__ = "sqlite3", _base.__doc__
