"""Content that is kept in the store: the uncommitted diff, snapshots of the user's code."""

from __future__ import annotations

from pathlib import Path

from whence._base.digest import digest_bytes
from whence._base.private import replace
from whence.capture.masking import Masker
from whence.journal.home import content_path

LARGEST_CODE = 256 << 10
"""Code files of more bytes are known by digest only."""


def keep(store: Path, data: bytes, digest: bytes | None = None) -> bytes:
    """Keep ``data`` in the store and give the digest it is found by (its own if none is given)."""
    digest = digest_bytes(data) if digest is None else digest
    path = content_path(store, digest)
    if path.exists():
        return digest
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(str(path), data)
    return digest


def keep_code(store: Path, path: bytes | str, masker: Masker) -> bytes | None:
    """Keep a code file as it is now, secrets masked, under the digest of what was run.

    Gives the digest, or None when the file is too large, no text, or gone.
    """
    try:
        with open(path, "rb") as f:
            data = f.read(LARGEST_CODE + 1)
        if len(data) > LARGEST_CODE:
            return None
        digest = digest_bytes(data)
        if not content_path(store, digest).exists():
            keep(store, masker.text(data.decode()).encode(), digest)
    except (OSError, UnicodeDecodeError):
        return None
    return digest
