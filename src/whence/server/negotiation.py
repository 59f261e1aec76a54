"""Which of several media types a client would rather have."""

from __future__ import annotations

from collections.abc import Sequence


def preferred(accept: str, known: Sequence[str]) -> str | None:
    """The media type of ``known`` that an Accept header likes best; None where it takes none.

    >>> preferred("text/csv;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    >>> preferred("*/*", ["text/csv", "application/json"])
    'text/csv'
    """
    wanted = [_range(one) for one in accept.split(",")] if accept.strip() else [("*/*", 1.0)]
    best, most = None, 0.0
    for media_type in known:
        quality = _quality(media_type, wanted)
        if quality > most:
            best, most = media_type, quality
    return best


def _range(text: str) -> tuple[str, float]:
    media_type, *parameters = (part.strip() for part in text.lower().split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_type, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return media_type, 0.0
    return media_type, 1.0


def _quality(media_type: str, wanted: Sequence[tuple[str, float]]) -> float:
    """The quality of the range that fits most closely."""
    family = media_type.partition("/")[0] + "/*"
    qualities = dict(wanted)
    for fitting in (media_type, family, "*/*"):
        if fitting in qualities:
            return qualities[fitting]
    return 0.0
