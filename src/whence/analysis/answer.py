"""What a slice answers: the sources it reached, and what it could not decide."""

from __future__ import annotations

from typing import NamedTuple

from whence.analysis.site import Anchor, Site


class Reached(NamedTuple):
    """A source whose value flows into the sink.

    ``through`` has the statements this rests on, from the sink's to the source's.
    """

    source: Anchor
    through: tuple[Site, ...] = ()


class Drawn(NamedTuple):
    """Random data that flow into the sink: the call that drew them, as the code has it."""

    call: str
    site: Site
    through: tuple[Site, ...] = ()


class Unknown(NamedTuple):
    """A place where the slice could not decide what flows: a gap, never silence."""

    site: Site
    reason: str


class Slice(NamedTuple):
    """Where the value of a sink's argument comes from, in the order of the sources' calls."""

    reached: tuple[Reached, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    drawn: tuple[Drawn, ...] = ()
