"""What a file is called: its path below the root folder of the store, else its whole path."""

from __future__ import annotations


def name_of(path: bytes, root: bytes) -> str:
    """The name of the file at ``path`` for a store whose folder lies in ``root``.

    Bytes that are not UTF-8 are shown as ``\\xff``; the path itself is kept as it is.
    """
    folder = root.rstrip(b"/") + b"/"
    inside = path.startswith(folder) and path != folder
    return (path[len(folder) :] if inside else path).decode("utf-8", "backslashreplace")
