"""Functions that are put in the place of others: taken for them, and absent from tracebacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_COPIED = ("__name__", "__qualname__", "__module__", "__doc__", "__text_signature__")


def taken_for(original: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """``ours`` with the name, module and documentation of what it stands for."""
    for name in _COPIED:
        setattr(ours, name, getattr(original, name, None))
    return ours


def cut_our_frame(error: BaseException) -> None:
    """Take the first entry, ours, off the traceback; the bare ``raise`` that follows adds none."""
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next
