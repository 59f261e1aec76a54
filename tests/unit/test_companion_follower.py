"""What the companion follows, and what it makes of what it can't read or may not keep."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import msgspec
import pytest

from tests.support.session import make_session
from whence._base.clock import process_start
from whence.capture.companion.follower import Follower
from whence.capture.companion.witness import WatchedProcess
from whence.capture.launch.handover import Handover
from whence.capture.process.link import Link
from whence.capture.session import Session
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.journal.reader import SegmentReader
from whence.model.event import GapRecorded, MetricLogged, decoder, encoder

ODD = msgspec.msgpack.encode([11, {"of": "another shape"}])
"""An opened file, as a later version might write it."""


def followed(session: Session) -> Follower:
    """A companion's follower of the run of ``session``, which this process records."""
    pid = os.getpid()
    handover = Handover(str(session.store), session.run.hex(), pid=pid)
    return Follower(handover, WatchedProcess(pid, process_start(pid)), True)


def test_an_event_that_can_not_be_read_is_a_gap_and_the_next_are_followed(tmp_path: Path) -> None:
    create_store(tmp_path / ".whence")
    session = make_session(tmp_path)
    (tmp_path / "code.py").write_text("x = 1\n")
    session.recorder.record_encoded(ODD)
    session.code_used(str(tmp_path / "code.py"))
    follower = followed(session)
    assert follower.look()
    follower.recorder.stop()
    payloads = [
        frame.payload
        for file in open_segments(session.store)
        for frame in SegmentReader(file.path.read_bytes()).frames()
    ]
    assert payloads.count(ODD) == 1
    events = [decoder.decode(payload) for payload in payloads if payload != ODD]
    gaps = [event for event in events if isinstance(event, GapRecorded)]
    assert [(g.code, g.activity, g.count) for g in gaps] == [("event-unknown", session.run, 1)]
    assert kept_files(tmp_path) == 1


def kept_files(root: Path) -> int:
    return sum(p.is_file() for p in (root / ".whence" / "content").rglob("*"))


@pytest.mark.parametrize(("settings", "kept"), [("", 1), ("[masking\n", 0)])
def test_no_code_is_kept_while_the_settings_are_wrong(
    settings: str, kept: int, tmp_path: Path
) -> None:
    store = create_store(tmp_path / ".whence")
    (store / "config.toml").write_text(settings)
    session = make_session(tmp_path)
    (tmp_path / "code.py").write_text("x = 1\n")
    session.code_used(str(tmp_path / "code.py"))
    follower = followed(session)
    follower.look()
    follower.recorder.stop()
    session.recorder.stop()
    assert kept_files(tmp_path) == kept


def test_an_event_too_large_for_a_packet_is_left_out_never_cut() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        small = encoder.encode(MetricLogged(b"r" * 16, "m", 1.0, 0, 0))
        link = Link(ours.fileno())
        link.finish([b"x" * ((1 << 16) + 1), small, b"y" * (1 << 16)], 0)
        theirs.settimeout(5)
        assert theirs.recv(1 << 17) == b"E" + small
        assert theirs.recv(1 << 17) == b"E" + b"y" * (1 << 16)
        assert theirs.recv(1 << 17) == b"F"
