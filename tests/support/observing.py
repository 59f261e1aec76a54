"""Library observers at work in this process, and what they recorded, easy to ask."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.session import events_in, watched_files
from whence.capture.session import Session
from whence.model.event import (
    ActivityEnded,
    ActivityRecorded,
    ActivityStarted,
    EntityRecorded,
    FileClosed,
    FileOpened,
    GapRecorded,
    MetricLogged,
    ParamsLogged,
    RelationRecorded,
)
from whence.model.place import Stamp
from whence.model.relation import Relation


@contextmanager
def observing(root: Path, *libraries: str) -> Iterator[Session]:
    """A session in ``root`` (where the block runs) in which those libraries are observed."""
    before = os.getcwd()
    os.chdir(root)
    try:
        with watched_files(root) as session:
            observers = [observer_of(library)() for library in libraries]
            for library, observer in zip(libraries, observers, strict=True):
                observer.attach(importlib.import_module(library), session)
            try:
                yield session
            finally:
                for observer in reversed(observers):
                    observer.detach()
    finally:
        os.chdir(before)


def observer_of(library: str) -> Any:
    """The class that observes a library."""
    module = importlib.import_module(f"whence.observers.{library}")
    (found,) = (
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and getattr(thing, "library", None) == library
    )
    return found


class Recorded:
    """The events of one store, by what they are about."""

    def __init__(self, root: Path) -> None:
        self.events = events_in(root / ".whence")
        self.entities: dict[bytes, EntityRecorded] = {e.id: e for e in self.of(EntityRecorded)}
        self.openings: dict[bytes, FileOpened] = {e.id: e for e in self.of(FileOpened)}
        self.closings: dict[bytes, Stamp | None] = {e.id: e.stamp for e in self.of(FileClosed)}
        self.gaps: list[GapRecorded] = self.of(GapRecorded)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def activities(self, kind: str) -> list[Any]:
        """Activities of a kind in order of their start, whether in one event or two."""
        found = self.of(ActivityStarted) + self.of(ActivityRecorded)
        return sorted((e for e in found if e.kind == kind), key=lambda e: e.id)

    def end(self, activity: Any) -> ActivityEnded:
        return next(e for e in self.of(ActivityEnded) if e.id == activity.id)

    def params(self, activity: bytes) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.of(ParamsLogged):
            if event.activity == activity:
                found.update(event.params)
        return found

    def series(self) -> dict[str, list[float]]:
        """The metrics, as lists in order of their steps."""
        found: dict[str, list[float]] = {}
        for event in self.of(MetricLogged):
            points = found.setdefault(event.key, [])
            assert event.step == len(points)
            points.append(event.value)
        return found

    def entity(self, kind: str, name: str | None = None) -> EntityRecorded:
        """The only entity of that kind (and name)."""
        (found,) = self.entities_of(kind, name)
        return found

    def entities_of(self, kind: str, name: str | None = None) -> list[EntityRecorded]:
        return [e for e in self.entities.values() if e.kind == kind and name in (None, e.name)]

    def sources(self, node: bytes, relation: Relation) -> dict[bytes, str]:
        """What ``node relation ...`` leads to, with the roles."""
        return {
            e.target: e.role
            for e in self.of(RelationRecorded)
            if e.source == node and e.relation == relation
        }

    def upstream_files(self, node: bytes) -> set[str]:
        """The names of the files that ``node`` comes from by the edges recorded."""
        found, seen, waiting = set(), set(), [node]
        edges = [(e.source, e.target) for e in self.of(RelationRecorded)]
        for activity in self.of(ActivityRecorded):
            edges += [(activity.id, used) for used, _ in activity.used]
            edges += [(made, activity.id) for made, _ in activity.generated]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in self.openings and at != node:
                found.add(os.path.basename(os.fsdecode(self.openings[at].path)))
            waiting += [target for source, target in edges if source == at]
        return found
