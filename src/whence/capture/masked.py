"""Masking in this process: what masks is loaded only where there is something to mask.

Everything that a process records of its own accord, and that is text somebody chose, passes here:
command lines, messages of exceptions, what recording says of its failures.
"""

from __future__ import annotations

from collections.abc import Iterable

_patterns: tuple[str, ...] = ()
_NOTHING_TO_MASK = 2
"""``python script.py`` holds no secret."""


def use_patterns(patterns: Iterable[str]) -> None:
    """Mask what these regular expressions match too: ``[masking] patterns`` of the store."""
    global _patterns
    _patterns = tuple(patterns)


def masked(words: list[str]) -> list[str]:
    """The words of a command line with secrets masked."""
    if len(words) <= _NOTHING_TO_MASK and not _patterns:
        return words
    from whence.capture.masking import mask_arguments

    return mask_arguments(words, _patterns)


def masked_text(text: str) -> str:
    """``text`` with secrets masked."""
    if not text:
        return text
    from whence.capture.masking import mask_text

    return mask_text(text, _patterns)
