"""Running a program under plain Python and under ``whence run``, and reading what was recorded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from whence.journal.layout import open_segments, sealed_segments
from whence.journal.reader import SegmentReader
from whence.journal.seal import read_bytes
from whence.model.event import (
    ActivityEnded,
    ActivityStarted,
    Event,
    FileOpened,
    GapRecorded,
    decoder,
)

E = TypeVar("E")

PATIENCE_S = 30.0


class Outcome(NamedTuple):
    """What a program showed to the outside."""

    code: int
    stdout: bytes
    stderr: bytes


class Recording(NamedTuple):
    """What was recorded: events in the order of their segments."""

    events: list[Event]

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def started(self, kind: str) -> list[ActivityStarted]:
        return [event for event in self.of(ActivityStarted) if event.kind == kind]

    def end_of(self, activity: bytes) -> ActivityEnded:
        """The end that counts: the activity's own before a witness's, then the latest."""
        ends = [event for event in self.of(ActivityEnded) if event.id == activity]
        return max(ends, key=lambda end: (not end.by_witness, end.at))

    def of_files(self) -> list[FileOpened]:
        return [event for event in self.of(FileOpened) if not event.error]

    def run_end(self) -> tuple[str, dict[str, Any]]:
        """How the run ended; the lines that ran, known from Python 3.12 on, are left out."""
        [run] = self.started("run")
        end = self.end_of(run.id)
        return end.status, {key: told for key, told in end.attributes.items() if key != "lines"}

    def gaps(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for gap in self.of(GapRecorded):
            counts[gap.code] = counts.get(gap.code, 0) + gap.count
        return counts


def environment(**extra: str) -> dict[str, str]:
    """The environment of tests: no store or run of whoever runs them."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("WHENCE", "COV_", "PYTEST"))}
    return own | extra


def whence(folder: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """What a command prints, run in ``folder``."""
    return subprocess.run(
        [sys.executable, "-m", "whence", *words],
        cwd=folder, env=environment(**extra), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def run_plain(folder: Path, *words: str, stdin: bytes = b"", **options: Any) -> Outcome:
    """Run ``python *words``."""
    return _run([sys.executable, *words], folder, stdin, options)


def run_recorded(folder: Path, *words: str, stdin: bytes = b"", **options: Any) -> Outcome:
    """Run ``whence run *words``."""
    return _run([sys.executable, "-m", "whence", "run", *words], folder, stdin, options)


def _run(command: list[str], folder: Path, stdin: bytes, options: dict[str, Any]) -> Outcome:
    options.setdefault("env", environment())
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, timeout=120, **options
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def run_both(tmp_path: Path, source: str, *arguments: str, flags: Iterable[str] = ()) -> Both:
    """Run a script plainly and recorded, each in a fresh folder of the same path."""
    folder = tmp_path / "work"

    def fresh() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "script.py").write_text(source, encoding="utf-8")

    fresh()
    plain = run_plain(folder, *flags, "script.py", *arguments)
    fresh()
    store = tmp_path / ".whence"
    recorded = run_recorded(folder, "--store", str(store), *flags, "script.py", *arguments)
    return Both(plain, recorded, read_when_done(store), folder)


class Both(NamedTuple):
    """A program's two outcomes, and what was recorded."""

    plain: Outcome
    recorded: Outcome
    recording: Recording
    folder: Path

    def assert_same(self) -> None:
        assert self.recorded == self.plain


def wait_for_companions(store: Path) -> None:
    """Wait until no companion works for ``store``."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        works = list((store / "cache").glob("companion-*.lock")) or open_segments(store)
        if not works and any(sealed_segments(store)):
            return
        time.sleep(0.02)
    raise AssertionError(f"the companion of {store} did not end: {os.listdir(store / 'cache')}")


def read_when_done(store: Path) -> Recording:
    """What is in ``store`` once its companions have ended."""
    wait_for_companions(store)
    return read_now(store)


def read_now(store: Path) -> Recording:
    """What is in ``store`` at this moment."""
    events: list[Event] = []
    for file in [*sealed_segments(store), *open_segments(store)]:
        reader = SegmentReader(read_bytes(file))
        events += [decoder.decode(frame.payload) for frame in reader.frames()]
        assert reader.holes == []
        assert reader.tail() is None
    return Recording(events)
