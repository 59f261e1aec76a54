"""Build true journals: segments of several processes, as capture would have written them.

    journal = JournalBuilder(tmp_path)
    with journal.run("train.py") as run:
        run.read(tmp_path / "raw.csv")
        run.write(tmp_path / "model.bin", b"..." * 100)
        run.params(lr=0.1)
        run.metric("acc", 0.9)

Files are really written, so stamps and digests are true. Clocks are made: each event is a
millisecond later than the one before, from ``START`` on, over all processes of one builder.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

from whence._base.digest import digest_bytes
from whence._base.ids import IdSource, uuid7
from whence.journal.header import SCHEMA, Header
from whence.journal.home import create_store
from whence.journal.layout import open_path
from whence.journal.segment import SegmentWriter
from whence.model import event as events
from whence.model.place import Stamp
from whence.model.relation import Known, Relation
from whence.model.value import typed

START = 1_790_000_000_000_000_000
"""When every built journal begins: 2026-09-21T13:33:20Z."""

FILESYSTEM = b"test-filesystem"
MILLISECOND = 1_000_000


class Clock:
    """The two clocks of a host; each reading is a millisecond after the last."""

    def __init__(self, wall: int = START, mono: int = 5_000_000_000) -> None:
        self.wall, self.mono = wall, mono

    def tick(self, ns: int = MILLISECOND) -> tuple[int, int]:
        self.wall += ns
        self.mono += ns
        return self.wall, self.mono


class JournalBuilder:
    """A store folder under ``root`` whose journal tests fill by hand."""

    def __init__(self, root: Path, *, filesystem: bytes = FILESYSTEM) -> None:
        self.root = root
        self.store = root / ".whence"
        self.filesystem = filesystem
        self.clock = Clock()
        self.host, self.boot = "testhost", "00000000-0000-4000-8000-000000000001"
        create_store(self.store)

    def run(self, name: str = "run", **options: Any) -> RunJournal:
        """A run in its first process: a segment of its own that begins with ActivityStarted."""
        return RunJournal(self, name, **options)

    def process(self, run: bytes, activity: bytes, **options: Any) -> ProcessJournal:
        """One more segment of a run: another process's, or its companion's."""
        return ProcessJournal(self, run, activity, **options)


class ProcessJournal:
    """The segment of one process; each method records what its name says."""

    def __init__(
        self,
        journal: JournalBuilder,
        run: bytes,
        activity: bytes,
        *,
        role: str = "program",
        pid: int = 4_000_000,
        process_start: int = 77,
        host: str | None = None,
        boot: str | None = None,
        clock: Clock | None = None,
        number: int = 0,
    ) -> None:
        self.journal, self.run_id, self.activity = journal, run, activity
        self.clock = clock or journal.clock
        self.ids = IdSource()
        self.segment = uuid7()
        wall, mono = self.clock.tick()
        self.header = Header(
            schema=SCHEMA, writer="test", segment=self.segment, run=run, activity=activity,
            role=role, host=host or journal.host, machine=host or journal.host,
            boot=journal.boot if boot is None else boot, pid=pid, process_start=process_start,
            user="tester", root=os.fsencode(journal.root), wall=wall, mono=mono, number=number,
            python="3.11.7",
        )  # fmt: skip
        self.path = open_path(journal.store, run, self.segment)
        self.writer = SegmentWriter(os.fsencode(self.path), self.header)

    def record(self, event: events.Event) -> None:
        self.writer.append(events.encoder.encode(event))

    def close(self) -> None:
        self.writer.close()

    def __enter__(self) -> ProcessJournal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def read(
        self,
        path: Path | bytes,
        *,
        role: str = "",
        activity: bytes | None = None,
        hashed: bool = True,
    ) -> bytes:
        """Record that the file as it is now was read; give the opening's id."""
        return self._opened("r", os.fsencode(path), role, "file", activity, hashed)

    def write(
        self, path: Path | bytes, data: bytes, *, role: str = "", kind: str = "file",
        activity: bytes | None = None, access: str = "w", hashed: bool = True,
    ) -> bytes:  # fmt: skip
        """Write the file for real and record it; give the occurrence's id."""
        raw = os.fsencode(path)
        os.makedirs(os.path.dirname(raw), exist_ok=True)
        before = Stamp.of(os.stat(raw)) if os.path.exists(raw) else None
        with open(raw, "ab" if access == "a" else "r+b" if access == "u" else "wb") as f:
            f.write(data)
        return self._opened(access, raw, role, kind, activity, hashed, before)

    def _opened(
        self, access: str, path: bytes, role: str, kind: str, activity: bytes | None, hashed: bool,
        before: Stamp | None = None,
    ) -> bytes:  # fmt: skip
        opening = self.ids.new()
        stamp = Stamp.of(os.stat(path))
        filesystem = self.journal.filesystem
        at, mono = self.clock.tick()
        first = stamp if access == "r" else before
        self.record(
            events.FileOpened(
                opening, activity or self.activity, access, filesystem, path, first, at, mono,
                role, kind,
            )
        )  # fmt: skip
        at, mono = self.clock.tick()
        self.record(events.FileClosed(opening, stamp, at, mono))
        if hashed:
            self.hashed(path)
        return opening

    def hashed(self, path: Path | bytes) -> bytes:
        """Record the digest of the file as it is now, as a companion does; give the digest."""
        raw = os.fsencode(path)
        with open(raw, "rb") as f:
            digest = digest_bytes(f.read())
        stamp = Stamp.of(os.stat(raw))
        at, _ = self.clock.tick()
        self.record(events.ContentHashed(self.journal.filesystem, raw, stamp, digest, at))
        return digest

    def moved(self, source: Path, target: Path) -> None:
        """Rename the file for real and record it."""
        os.rename(source, target)
        at, mono = self.clock.tick()
        self.record(
            events.FileMoved(
                self.activity, self.journal.filesystem, os.fsencode(source), os.fsencode(target),
                Stamp.of(os.stat(target)), at, mono,
            )
        )  # fmt: skip

    def removed(self, path: Path) -> None:
        """Remove the file for real and record it."""
        stamp = Stamp.of(os.stat(path))
        os.unlink(path)
        at, mono = self.clock.tick()
        self.record(
            events.FileRemoved(
                self.activity, self.journal.filesystem, os.fsencode(path), stamp, at, mono
            )
        )

    def started(
        self, kind: str, name: str, *, parent: bytes | None = None, id: bytes | None = None,
        **attributes: Any,
    ) -> bytes:  # fmt: skip
        """Record that an activity began; give its id."""
        activity = id or self.ids.new()
        at, mono = self.clock.tick()
        self.record(
            events.ActivityStarted(activity, kind, name, parent, at, mono, _typed(attributes))
        )
        return activity

    def ended(
        self, activity: bytes | None = None, status: str = "finished", *, by_witness: bool = False,
        **attributes: Any,
    ) -> None:  # fmt: skip
        at, mono = self.clock.tick()
        self.record(
            events.ActivityEnded(
                activity or self.activity, status, at, mono, _typed(attributes), by_witness
            )
        )

    def entity(
        self, kind: str, name: str, *, id: bytes | None = None, digest: bytes | None = None,
        size: int | None = None, **attributes: Any,
    ) -> bytes:  # fmt: skip
        """Record an entity; give its id."""
        entity = id or self.ids.new()
        at, _ = self.clock.tick()
        self.record(events.EntityRecorded(entity, kind, name, at, _typed(attributes), digest, size))
        return entity

    def relation(
        self, source: bytes, relation: Relation, target: bytes, *, role: str = "",
        known: Known = Known.OBSERVED,
    ) -> None:  # fmt: skip
        at, _ = self.clock.tick()
        self.record(events.RelationRecorded(source, relation, target, known, at, role))

    def params(self, **params: Any) -> None:
        at, _ = self.clock.tick()
        self.record(events.ParamsLogged(self.activity, _typed(params), at))

    def metric(self, key: str, value: float, step: int = 0) -> None:
        at, _ = self.clock.tick()
        self.record(events.MetricLogged(self.activity, key, value, step, at))

    def tags(self, **tags: Any) -> None:
        at, _ = self.clock.tick()
        self.record(events.TagsSet(self.activity, _typed(tags), at))

    def gap(
        self, code: str, *, subject: bytes | None = None, count: int = 1, detail: str = ""
    ) -> None:
        at, _ = self.clock.tick()
        self.record(events.GapRecorded(code, self.activity, at, subject, count, detail))


class RunJournal(ProcessJournal):
    """A run's first process. As a context it ends the run: finished, or failed by an exception."""

    def __init__(
        self, journal: JournalBuilder, name: str, *, id: bytes | None = None,
        attributes: dict[str, Any] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        run = id or uuid7()
        super().__init__(journal, run, run, **options)
        self.id = run
        self.started("run", name, id=run, **(attributes or {}))

    def __enter__(self) -> RunJournal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.ended(status="finished" if kind is None else "failed")
        self.close()


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    return {key: typed(value) for key, value in values.items()}
