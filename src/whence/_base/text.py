"""Text that any encoder takes."""

from __future__ import annotations


def plain(text: str) -> str:
    """The text with what is no Unicode (bytes of a file name, lone surrogates) spelled out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
