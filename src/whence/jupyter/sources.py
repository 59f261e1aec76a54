"""The sources of cells: each text becomes an entity once, and is kept in the store."""

from __future__ import annotations

from hashlib import sha256

from whence._base.clock import wall_ns
from whence._base.ids import derived_id
from whence._base.text import plain
from whence.capture.environment.keeping import LARGEST_CODE, keep
from whence.capture.guard import guarded
from whence.capture.masked import masked_text
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import EntityRecorded, RelationRecorded
from whence.model.relation import Known, Relation

_guard = guarded("environment-partial", "a snapshot of code")
RAN, WRITTEN = "ran", "written"


class Source:
    """A text of a cell: as bytes, and their digest."""

    __slots__ = ("data", "digest", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self.digest = sha256(self.data).digest()


class Sources:
    """Records the sources that cells ran."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, bytes], bytes] = {}
        self._kept: set[bytes] = set()

    def used(self, activity: bytes, name: str, cell: str, source: Source, how: str) -> None:
        """Record that ``activity`` used this source of the cell (its id) called ``name``."""
        key = (cell or name, source.digest)
        entity = self._known.get(key) or self._met(key, name, cell, source, how)
        self._session.recorder.record(
            RelationRecorded(activity, Relation.USED, entity, Known.OBSERVED, wall_ns(), "code")
        )

    def _met(self, key: tuple[str, bytes], name: str, cell: str, source: Source, how: str) -> bytes:
        """The id of a source that is met for the first time, recorded and kept."""
        session = self._session
        entity = self._known[key] = derived_id(b"cell", session.run, *key)
        attributes = {"cell": cell, "as": how}
        session.recorder.record(
            EntityRecorded(
                entity, kinds.CODE, name, wall_ns(), attributes, source.digest, len(source.data)
            )
        )
        with _guard:
            self._keep(source)
        return entity

    def _keep(self, source: Source) -> None:
        if source.digest in self._kept or len(source.data) > LARGEST_CODE:
            return
        self._kept.add(source.digest)
        text = masked_text(plain(source.text))
        keep(self._session.store, text.encode(), source.digest)
