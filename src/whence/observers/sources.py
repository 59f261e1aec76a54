"""Sources: the calls that bring data into a program, an activity of kind ``read`` each.

A call that is made very often from one place (a reader in a loop over small files) is recorded so
often as `MOST_READS` says; from then on its calls are only counted, and told at the end as the
tag ``calls`` of the last one recorded. What those brought in is then known by the code alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from whence.capture.guard import guarded
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.chunks import chunk_digests
from whence.observers.notes import Notes
from whence.observers.repeats import Repeats

MOST_READS = 1000


class Brought(NamedTuple):
    """An object that a call brought in, what it is called, and its role in what it came from.

    ``attributes`` are what is known of it besides what it says itself.
    """

    thing: object
    name: str
    role: str = ""
    attributes: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it


class Sources:
    """Records the reads of one observer."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._repeats = Repeats(notes, MOST_READS)

    def read(self, call: Call, brought: Iterable[Brought], origin: bytes | None = None) -> None:
        """Record that ``call`` made those objects, from ``origin`` if that is an entity."""
        self.read_all(call, brought, [] if origin is None else [origin])

    def read_all(
        self, call: Call, brought: Iterable[Brought], origins: Sequence[bytes], **told: Any
    ) -> None:
        """Record that ``call`` made those objects, each from all the ``origins``.

        ``told`` are attributes of the read.
        """
        self.read_from(call, brought, [(origin, "") for origin in origins], **told)

    def read_from(
        self, call: Call, brought: Iterable[Brought], used: list[tuple[bytes, str]], **told: Any
    ) -> bytes | None:
        """As `read_all`, of origins with the roles that they have in the read; give its id."""
        notes = self._notes
        read = self.activity(call, used, **told)
        if read is None:
            return None
        site = notes.site(call)
        for thing, name, role, attributes in brought:
            told = {**attributes, **site, **_digested(thing)}
            entity = notes.thing(thing, name, **told)
            notes.relate(entity, Relation.WAS_GENERATED_BY, read, call.name)
            for origin in dict.fromkeys(origin for origin, _ in used):
                notes.relate(entity, Relation.WAS_DERIVED_FROM, origin, role or call.name)
        return read

    def activity(self, call: Call, used: list[tuple[bytes, str]], **told: Any) -> bytes | None:
        """Record the read alone; give its id, or None when it is only counted."""
        place = (call.name, call.site)
        if self._repeats.stand_in(place) is not None:
            return None
        anchor = {**self._notes.anchor(call), **told}
        read = self._notes.activity(call, kinds.READ, used=used, **anchor)
        self._repeats.recorded(place, read)
        return read


def _digested(thing: object) -> dict[str, Any]:
    """The digests of the rows of what was brought in, as an attribute."""
    with guarded("observer-failed", "digests of rows"):
        found = chunk_digests(thing)
        return {} if found is None else {"chunks": found}
    return {}
