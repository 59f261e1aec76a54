"""Calls that learn or validate: an activity each, begun in the record before the call begins."""

from __future__ import annotations

from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.capture.session import enter_activity, leave_activity
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.notes import Notes, clocks, failure, status_of
from whence.observers.shared import SharedParameters


class Begun(NamedTuple):
    """The activity of a call that is at work; ``before`` is the model that it goes on from."""

    activity: bytes
    token: object
    before: bytes | None


class Learning:
    """Records the beginning and the end of such calls, kept in their ``note`` between the two."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._shared = SharedParameters()

    def begin(
        self,
        call: Call,
        kind: str,
        attributes: dict[str, Any],
        used: list[tuple[str, bytes]],
        parameters: dict[str, Any],
        *,
        shared_as: str = "",
        before: bytes | None = None,
    ) -> None:
        """Record that the call began, what it uses by role, and its parameters.

        ``shared_as``: the class of the model, when the run is to have the parameters too.
        """
        notes, id = self._notes, self._notes.new_id()
        told = {**notes.site(call), **attributes, **notes.anchor(call)}
        notes.record(
            ActivityStarted(
                id, kind, call.name, notes.session.activity(), call.started_at, call.mono, told
            )
        )
        notes.params(id, parameters)
        if shared_as:
            self._shared.share(notes, shared_as, parameters)
        for role, entity in used:
            notes.relate(id, Relation.USED, entity, role)
        call.note = Begun(id, enter_activity(id), before)

    def leave(self, call: Call) -> Begun | None:
        """From now on what happens is not the call's; give what was begun, None if nothing was."""
        begun = call.note
        if not isinstance(begun, Begun):
            return None
        asked(lambda: leave_activity(begun.token), None)
        return begun

    def end(self, call: Call, begun: Begun, outcome: dict[str, Any] | None = None) -> None:
        """Record how the call ended."""
        at, mono = clocks()
        told = {**failure(call), **(outcome or {})}
        self._notes.record(ActivityEnded(begun.activity, status_of(call), at, mono, told))

    def made(self, model: Any, begun: Begun) -> bytes:
        """Record the model that the call made; give its entity."""
        notes = self._notes
        entity = notes.thing(model, type(model).__name__)
        notes.relate(entity, Relation.WAS_GENERATED_BY, begun.activity)
        if begun.before is not None:
            notes.relate(entity, Relation.WAS_REVISION_OF, begun.before)
        return entity
