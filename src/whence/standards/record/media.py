"""The media type of a file, and its place as a URL."""

from __future__ import annotations

import mimetypes
import os
from pathlib import PurePath
from urllib.parse import quote

_OURS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonlines+json",
    ".ndjson": "application/jsonlines+json",
    ".parquet": "application/vnd.apache.parquet",
    ".arrow": "application/vnd.apache.arrow.file",
    ".feather": "application/vnd.apache.arrow.file",
    ".py": "text/x-python",
    ".ipynb": "application/x-ipynb+json",
    ".h5": "application/x-hdf5",
    ".hdf5": "application/x-hdf5",
    ".npy": "application/x-npy",
    ".npz": "application/x-npz",
    ".sqlite": "application/vnd.sqlite3",
    ".db": "application/vnd.sqlite3",
}
"""What the machine's own tables may lack or name in another way."""

UNKNOWN = "application/octet-stream"

_TYPES = mimetypes.MimeTypes()
"""The types that Python itself knows: those of the machine would differ from one to the next."""


def media_type(path: str) -> str:
    """The media type that a file's ending says; octets where it says none."""
    found = _OURS.get(PurePath(path).suffix.lower())
    return found or _TYPES.guess_type(path, strict=False)[0] or UNKNOWN


def file_url(path: str) -> str:
    """The ``file:`` URL of an absolute path, whatever bytes it has."""
    return "file://" + quote(os.fsencode(path), safe="/")


def base_name(path: str) -> str:
    """The last part of a path, as text that any format holds."""
    return os.fsencode(PurePath(path).name).decode("utf-8", "replace")
