"""Writing segments: the descriptor is out of reach, full disks are told, segments are sealed."""

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from tests.unit.test_journal_recovery import HEADER
from whence._base.ids import uuid7
from whence.journal.commitment import commitment_of, leaf_of, salt_of
from whence.journal.home import create_store
from whence.journal.layout import SegmentFile, open_path, open_segments, sealed_segments
from whence.journal.reader import SegmentReader
from whence.journal.seal import read_bytes, seal
from whence.journal.segment import SegmentWriter


def writer_in(store: Path) -> SegmentWriter:
    return SegmentWriter(os.fsencode(open_path(store, uuid7(), uuid7())), HEADER)


def test_a_segment_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    writer = writer_in(create_store(tmp_path / ".whence"))
    assert stat.S_IMODE(os.fstat(writer.fileno()).st_mode) == 0o600
    writer.close()


def test_the_descriptor_lies_above_all_that_a_program_can_be_given(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lower = min(soft, hard, 512) - 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (lower, hard))
    try:
        writer = writer_in(store)
        assert writer.fileno() >= lower
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (lower, hard)
        os.closerange(lower - 100, lower)
        assert writer.append(b"still there") is True
        assert writer.is_open()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    writer.close()
    writer.close()


def test_a_writer_knows_when_its_descriptor_was_taken(tmp_path: Path) -> None:
    writer = writer_in(create_store(tmp_path / ".whence"))
    fd = writer.fileno()
    os.close(fd)
    assert not writer.is_open()
    other = os.open(tmp_path / "users.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(other, fd)
    assert not writer.is_open()
    os.close(fd)
    os.close(other)


def test_a_writer_tells_when_its_segment_is_full(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path / "s")
    writer = SegmentWriter(path, HEADER, roll_over_at=2000)
    answers = [writer.append(b"x" * 30) for _ in range(200)]
    writer.close()
    assert [number for number, has_room in enumerate(answers, 1) if not has_room] == [64, 128, 192]


def test_a_writer_finds_what_it_has_written(tmp_path: Path) -> None:
    writer = SegmentWriter(os.fsencode(tmp_path / "s"), HEADER)
    writer.append(b"there")
    assert writer.holds(b"there")
    assert not writer.holds(b"not there")
    assert not writer.holds(b"ther")
    writer.close()


def test_an_existing_file_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        SegmentWriter(os.fsencode(tmp_path / "s"), HEADER)
    assert (tmp_path / "s").read_bytes() == b"mine"


def test_a_sealed_segment_has_the_same_bytes(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    writer = writer_in(store)
    for number in range(3000):
        writer.append(b"%d" % number * 300)
    writer.close()
    [file] = open_segments(store)
    before = read_bytes(file)
    sealed = seal(store, file)
    assert read_bytes(sealed) == before
    assert open_segments(store) == []
    assert list(sealed_segments(store)) == [sealed]
    assert os.path.getsize(sealed.path) < len(before) / 10
    assert len(list(SegmentReader(before).frames())) == 3000


def test_sealing_twice_keeps_one(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    writer = writer_in(store)
    writer.append(b"x")
    writer.close()
    [file] = open_segments(store)
    copy = file.path.read_bytes()
    seal(store, file)
    file.path.write_bytes(copy)
    sealed = seal(store, file)
    assert read_bytes(sealed) == copy
    assert list(sealed_segments(store)) == [SegmentFile(sealed.path, file.run, file.segment, True)]


def test_a_commitment_depends_on_seed_number_and_payload() -> None:
    seed, other = b"s" * 32, b"t" * 32
    salts = {salt_of(seed, 1), salt_of(seed, 2), salt_of(other, 1)}
    assert len(salts) == 3
    commitment = commitment_of(salt_of(seed, 1), b"secret")
    assert commitment != commitment_of(salt_of(seed, 2), b"secret")
    assert leaf_of(1, 6, commitment) != leaf_of(2, 6, commitment)
    assert len(commitment) == len(leaf_of(1, 6, commitment)) == 32


def test_files_that_are_no_segments_are_passed_over(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    no_id, some_id = "z" * 32, "0a" * 16
    for name in ("notes.txt", f"{no_id}.{some_id}.seg", f"{some_id}.{'0A' * 16}.seg"):
        (store / "journal" / "open" / name).touch()
    (store / "journal" / "sealed" / ".DS_Store").touch()
    segment = store / "journal" / "open" / f"{some_id}.{some_id}.seg"
    segment.touch()
    raw = bytes.fromhex(some_id)
    assert open_segments(store) == [SegmentFile(segment, raw, raw, False)]
    assert list(sealed_segments(store)) == []
