"""A crate as a zip; the same record gives the same bytes."""

from __future__ import annotations

import hashlib
from io import RawIOBase
from typing import IO, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from whence.standards.prov.provjson import ProvJson
from whence.standards.record.account import Account
from whence.standards.record.excerpt import Excerpt
from whence.standards.record.jsonvalue import json_bytes
from whence.standards.record.outward import document_of
from whence.standards.rocrate.metadata import Carried, crate_of
from whence.standards.rocrate.term import METADATA, PROV_JSON

_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say: when the zip was made tells nothing of the record."""


def write(excerpt: Excerpt, out: BinaryIO) -> None:
    """Write the crate. Raises DocumentError where there is no run to tell of."""
    account = Account(excerpt)
    crate_of(account, Carried(0, ""))
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        carried = _carry(archive, excerpt)
        crate = crate_of(account, carried)
        for path, data in crate.files.items():
            archive.writestr(_member(path), data)
        archive.writestr(_member(METADATA), json_bytes(crate.metadata, indent=2))


def _carry(archive: ZipFile, excerpt: Excerpt) -> Carried:
    """Write the excerpt as PROV-JSON, statement by statement."""
    with archive.open(_member(PROV_JSON), "w", force_zip64=True) as member:
        counted = _Counted(member)
        ProvJson().write(document_of(excerpt), cast("BinaryIO", counted))
    return Carried(counted.size, counted.digest.hexdigest())


def _member(path: str) -> ZipInfo:
    info = ZipInfo(path, _DATE)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


class _Counted(RawIOBase):
    """Passes bytes on and keeps their count and digest."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.size, self.digest = 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes are written here
        self.size += len(data)
        self.digest.update(data)
        return self._target.write(data)
