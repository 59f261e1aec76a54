"""Sealing: a closed segment becomes independent zstd blocks that any zstd tool can unpack.

The bytes inside are the segment's own, so an offset means the same in both forms.
"""

from __future__ import annotations

import os
from pathlib import Path

from whence._base.errors import JournalError
from whence._base.private import opener
from whence.journal.layout import SegmentFile, sealed_path

BLOCK = 1 << 20
LEVEL = 3


def seal(store: Path, file: SegmentFile) -> SegmentFile:
    """Compress an open segment whose writer is gone; return where it lies now.

    The compressed copy is on disk before the original goes, so a crash leaves one or both.
    """
    import zstandard

    target = sealed_path(store, file.run, file.segment)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    try:
        with open(file.path, "rb") as source, open(partial, "xb", opener=opener) as sink:
            while block := source.read(BLOCK):
                sink.write(compressor.compress(block))
            sink.flush()
            os.fsync(sink.fileno())
        os.rename(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    file.path.unlink(missing_ok=True)
    return SegmentFile(target, file.run, file.segment, True)


def read_bytes(file: SegmentFile) -> bytes:
    """All bytes of a segment, sealed or open.

    Raises JournalError when a sealed one is damaged; FileNotFoundError when it moved meanwhile.
    """
    data = file.path.read_bytes()
    if not file.sealed:
        return data
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
            return bytes(reader.readall())
    except zstandard.ZstdError as error:
        raise JournalError(f"Sealed segment {file.path} is damaged: {error}") from error


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
