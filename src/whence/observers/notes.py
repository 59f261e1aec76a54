"""What the observers write down: entities, relations and activities of one session."""

from __future__ import annotations

import os
from typing import Any

from whence._base.clock import mono_ns, wall_ns
from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model.event import (
    ActivityRecorded,
    EntityRecorded,
    MetricLogged,
    ParamsLogged,
    RelationRecorded,
)
from whence.model.relation import Known, Relation
from whence.model.status import FAILED, FINISHED, Status
from whence.model.value import typed_map
from whence.observers.call import Call
from whence.observers.describe import attributes_of, kind_of
from whence.observers.live import live_objects


class Notes:
    """Records events for an observer, and knows the live objects of the session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.live = live_objects(session)
        self.record = session.recorder.record
        self.new_id = session.recorder.new_id
        self._root = os.path.join(str(session.root), "")
        self._file_names: dict[str, str] = {}
        self._steps: dict[tuple[bytes, str], int] = {}

    def entity(self, kind: str, name: str, attributes: dict[str, Any], id: bytes = b"") -> bytes:
        """Record an entity (with a fresh id unless one is given); give its id."""
        entity = id or self.new_id()
        self.record(EntityRecorded(entity, kind, name, wall_ns(), attributes))
        return entity

    def relate(
        self, source: bytes, relation: Relation, target: bytes, role: str = "", **attributes: Any
    ) -> None:
        """Record ``source relation target``, as something that was observed."""
        event = RelationRecorded(
            source, relation, target, Known.OBSERVED, wall_ns(), role, attributes
        )
        self.record(event)

    def thing(self, thing: object, name: str, id: bytes = b"", **attributes: Any) -> bytes:
        """Record the entity that a live object is from now on, and follow the object."""
        kind = kind_of(thing)
        entity = self.entity(kind, name, {**attributes_of(thing), **attributes}, id)
        self.live.remember(thing, entity, kind, name)
        return entity

    def known_or_new(self, thing: object, name: str, call: Call) -> bytes:
        """The entity of a live object; one is recorded for an object not seen before."""
        entity = self.live.entity_of(thing)
        if entity is None:
            entity = self.thing(thing, name)
            self.relate(
                entity, Relation.WAS_GENERATED_BY, self.session.activity(), **self.site(call)
            )
        return entity

    def params(self, activity: bytes, params: dict[str, Any]) -> None:
        """Record parameters; the values may be anything."""
        if params:
            self.record(ParamsLogged(activity, typed_map(params), wall_ns()))

    def metric(self, key: str, value: float, activity: bytes | None = None) -> None:
        """Record the next point of a metric's series, of the activity at work unless told."""
        activity = activity or self.session.activity()
        step = self._steps[activity, key] = self._steps.get((activity, key), -1) + 1
        self.record(MetricLogged(activity, key, float(value), step, wall_ns()))

    def activity(
        self,
        call: Call,
        kind: str,
        params: dict[str, Any] | None = None,
        used: list[tuple[bytes, str]] | None = None,
        generated: list[tuple[bytes, str]] | None = None,
        **attributes: Any,
    ) -> bytes:
        """Record a call that is over as an activity of its own; give its id."""
        id = self.new_id()
        event = ActivityRecorded(
            id, kind, call.name, self.session.activity(), call.started_at, wall_ns(),
            status_of(call), typed_map(params or {}), {}, used or [], generated or [],
            {**self.site(call), **failure(call), **attributes},
        )  # fmt: skip
        self.record(event)
        return id

    def site(self, call: Call) -> dict[str, Any]:
        """The attributes that say where in the user's code a call was made."""
        found: dict[str, Any] = {"call": call.name}
        if call.site is not None:
            found["file"] = self.file_name(call.site.file)
            found["line"] = call.site.line
            found["function"] = call.site.function
        return found

    def anchor(self, call: Call) -> dict[str, Any]:
        """The attributes by which the code around a call is found again: where exactly it stands
        (`whence.observers.callsite.Span`), and the calls that led there, the innermost first."""
        site = call.site
        if site is None or site.span is None:
            return {}
        found: dict[str, Any] = {"span": list(site.span), "mono": call.mono}
        if site.callers:
            found["callers"] = [
                [self.file_name(one.file), one.function, one.line, list(one.span or ())]
                for one in site.callers
            ]
        return found

    def file_name(self, path: str) -> str:
        """A file's name as its record has it: relative to the folder of the store when inside it,
        else absolute, with links resolved."""
        if path.startswith("<"):
            return path
        known = self._file_names.get(path)
        if known is None:
            real = asked(lambda: os.path.realpath(path), path)
            known = self._file_names[path] = real.removeprefix(self._root)
        return known


def status_of(call: Call) -> Status:
    return FINISHED if call.error is None else FAILED


def failure(call: Call) -> dict[str, Any]:
    """The attributes that say how a call failed; none when it did not."""
    return {} if call.error is None else {"error": type(call.error).__name__}


def clocks() -> tuple[int, int]:
    """Both clocks, read together."""
    return wall_ns(), mono_ns()
