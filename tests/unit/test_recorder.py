"""Recording is safe from threads, signals, collections, forks, closed files and full disks."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from whence._base.ids import uuid7
from whence.capture.process.start import Process
from whence.capture.recorder import Recorder
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.journal.reader import SegmentReader
from whence.model.event import Event, GapRecorded, MetricLogged, ParamsLogged, TagsSet, decoder
from whence.model.value import Unencodable

RUN = uuid7()


class Fixture:
    """A store and a recorder into it."""

    def __init__(self, folder: Path, roll_over_at: int = 16 << 20) -> None:
        self.store = create_store(folder / ".whence")
        self.warnings: list[str] = []
        describe = Process(str(self.store), RUN, RUN)
        self.recorder = Recorder(
            self.store, RUN, describe, self.warnings.append, roll_over_at=roll_over_at
        )

    def metric(self, value: float) -> None:
        self.recorder.record(MetricLogged(RUN, "m", float(value), int(value), 0))

    def events(self) -> list[Event]:
        found: list[Event] = []
        for file in open_segments(self.store):
            reader = SegmentReader(file.path.read_bytes())
            found += [decoder.decode(frame.payload) for frame in reader.frames()]
            assert reader.tail() is None
        return found

    def readable(self) -> list[Event]:
        """All that can be read where the last frame may have been cut short."""
        found: list[Event] = []
        for file in open_segments(self.store):
            reader = SegmentReader(file.path.read_bytes())
            found += [decoder.decode(frame.payload) for frame in reader.frames()]
        return found

    def values(self) -> list[float]:
        return [event.value for event in self.events() if isinstance(event, MetricLogged)]


@pytest.fixture
def fixture(tmp_path: Path) -> Fixture:
    return Fixture(tmp_path)


def test_an_event_is_in_the_file_when_record_returns(fixture: Fixture) -> None:
    event = MetricLogged(RUN, "loss", 0.1 + 0.2, 7, 99)
    fixture.recorder.record(event)
    assert fixture.events() == [event]


def test_threads_lose_and_double_nothing(tmp_path: Path) -> None:
    fixture = Fixture(tmp_path, roll_over_at=20_000)
    threads = [
        threading.Thread(target=lambda n=n: [fixture.metric(n * 1000 + i) for i in range(500)])
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(open_segments(fixture.store)) > 1
    assert sorted(fixture.values()) == [n * 1000 + i for n in range(8) for i in range(500)]


def test_segments_roll_over_and_are_numbered(tmp_path: Path) -> None:
    fixture = Fixture(tmp_path, roll_over_at=2000)
    for number in range(200):
        fixture.metric(number)
    files = open_segments(fixture.store)
    headers = [SegmentReader(file.path.read_bytes()).header for file in files]
    assert sorted(header.number for header in headers) == list(range(len(files)))
    assert len(files) > 2
    assert sorted(fixture.values()) == [float(n) for n in range(200)]


class Alarm(Exception):
    pass


@contextmanager
def alarms(handler: signal._HANDLER, every_s: float) -> Iterator[None]:
    former = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, every_s, every_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def test_a_signal_handler_that_raises_is_seen_and_no_record_is_lost_or_doubled(
    fixture: Fixture,
) -> None:
    """What returned is there once; what the handler broke into is there at most once."""

    def raises(number: int, frame: object) -> None:
        raise Alarm

    broken = set()
    former = signal.signal(signal.SIGALRM, raises)
    for number in range(4000):
        try:
            signal.setitimer(signal.ITIMER_REAL, 1e-6 + (number % 40) * 2.5e-7)
            fixture.metric(number)
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Alarm:
            broken.add(float(number))
    signal.signal(signal.SIGALRM, former)
    values = fixture.values()
    assert len(broken) > 100
    assert len(values) == len(set(values))
    assert {float(n) for n in range(4000)} - set(values) <= broken
    assert fixture.recorder.dropped == 0


def test_a_signal_handler_may_record(fixture: Fixture) -> None:
    handled = []

    def records(number: int, frame: object) -> None:
        handled.append(-1.0)
        fixture.metric(-1)

    with alarms(records, 0.0005):
        for number in range(20_000):
            fixture.metric(number)
    values = fixture.values()
    assert [v for v in values if v >= 0] == [float(n) for n in range(20_000)]
    assert [v for v in values if v < 0] == handled
    assert handled


def test_destructors_may_record(fixture: Fixture) -> None:
    class Records:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            fixture.metric(-1)

    for number in range(300):
        Records()
        fixture.recorder.record(ParamsLogged(RUN, {"n": [number] * 50}, 0))
    gc.collect()
    assert fixture.values() == [-1.0] * 300


def test_a_forked_child_has_a_segment_and_ids_of_its_own(fixture: Fixture) -> None:
    fixture.metric(1)
    mine = fixture.recorder.new_id()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        fixture.recorder.after_fork()
        fixture.metric(2)
        os.write(writer, fixture.recorder.new_id())
        os._exit(0)
    os.waitpid(pid, 0)
    fixture.metric(3)
    theirs = os.read(reader, 16)
    assert theirs[:12] != mine[:12]
    assert sorted(fixture.values()) == [1.0, 2.0, 3.0]
    assert len(open_segments(fixture.store)) == 2


def test_after_its_descriptor_was_closed_it_goes_on_in_a_new_segment(fixture: Fixture) -> None:
    fixture.metric(1)
    os.close(fixture.recorder._writer.fileno())  # type: ignore[union-attr]
    fixture.metric(2)
    assert fixture.values() == [1.0, 2.0]
    assert len(open_segments(fixture.store)) == 2
    assert fixture.warnings == []


def test_a_value_that_cant_be_encoded_is_kept_as_its_type_and_text(fixture: Fixture) -> None:
    class Odd:
        def __repr__(self) -> str:
            return "<odd>"

    fixture.recorder.record(TagsSet(RUN, {"a": Odd(), "b": 2**200, "c": {1, 2}}, 0))
    [event] = fixture.events()
    assert isinstance(event, TagsSet)
    assert event.tags["b"] == 2**200
    assert event.tags["c"] == {1, 2}
    assert isinstance(event.tags["a"], Unencodable)
    assert event.tags["a"].text == "<odd>"


def test_a_handler_that_raises_in_the_second_try_is_seen_and_the_event_is_there_once(
    fixture: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = fixture.recorder._append
    calls = []

    def interrupted(payload: bytes) -> bool:
        calls.append(payload)
        if len(calls) == 1:
            signal.raise_signal(signal.SIGALRM)
        return append(payload)

    def raises(number: int, frame: object) -> None:
        raise Alarm

    monkeypatch.setattr(fixture.recorder, "_append", interrupted)
    former = signal.signal(signal.SIGALRM, raises)
    with pytest.raises(Alarm):
        fixture.recorder.record(MetricLogged(RUN, "a\udcff", 1.0, 0, 0))
    signal.signal(signal.SIGALRM, former)
    assert fixture.values() == [1.0]
    assert fixture.recorder.dropped == 0


def test_text_that_is_no_unicode_is_spelled_out(fixture: Fixture) -> None:
    fixture.recorder.record(MetricLogged(RUN, "a\udcff", 1.0, 0, 0))
    [event] = fixture.events()
    assert isinstance(event, MetricLogged)
    assert event.key == "a\\udcff"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_stops_recording_with_one_warning_and_a_count(small_disk: Path) -> None:
    fixture = Fixture(small_disk)
    for number in range(3000):
        fixture.recorder.record(TagsSet(RUN, {"x": "y" * 500, "n": number}, 0))
    assert fixture.warnings == ["whence: the disk is full; recording stopped, your program goes on"]
    kept = [event.tags["n"] for event in fixture.readable() if isinstance(event, TagsSet)]
    assert kept == list(range(len(kept)))
    assert fixture.recorder.dropped == 3000 - len(kept)
    gap = decoder.decode(fixture.recorder.unwritten()[0])
    assert isinstance(gap, GapRecorded)
    assert (gap.code, gap.count) == ("disk-full", 3000 - len(kept))
    last = decoder.decode(fixture.recorder.unwritten()[-1])
    assert isinstance(last, TagsSet)
    assert last.tags["n"] == 2999


def test_recording_can_resume_once_there_is_room(small_disk: Path) -> None:
    fixture = Fixture(small_disk)
    (small_disk / "ballast").write_bytes(bytes(200_000))
    for number in range(300):
        fixture.recorder.record(TagsSet(RUN, {"x": "y" * 500, "n": number}, 0))
    assert fixture.recorder.is_stopped
    assert not fixture.recorder.record_encoded(b"x")
    os.unlink(small_disk / "ballast")
    assert fixture.recorder.resume()
    for payload in fixture.recorder.unwritten():
        assert fixture.recorder.record_encoded(payload)
    assert [e.code for e in fixture.readable() if isinstance(e, GapRecorded)] == ["disk-full"]
