"""The flow of a script that is not run: every call that could be made is taken to be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from whence.analysis.answer import Unknown
from whence.analysis.module import Module
from whence.analysis.site import Site


class StaticCall(NamedTuple):
    """A call in the code, by the dotted name that its imports give it.

    A method has its receiver's class: ``sklearn.ensemble.RandomForestClassifier.fit``, with
    ``receiver`` ``sklearn.ensemble.RandomForestClassifier``.
    """

    call: str
    receiver: str | None
    site: Site


class StaticEdge(NamedTuple):
    """A source that can flow into an argument (keyword or position) of a sink."""

    source: StaticCall
    sink: StaticCall
    argument: str | int


class StaticFlow(NamedTuple):
    """All edges that the code allows, with the sinks in the order of their lines."""

    edges: tuple[StaticEdge, ...] = ()
    sinks: tuple[StaticCall, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def static_flow(
    module: Module, is_source: Callable[[str], bool], is_sink: Callable[[str], bool]
) -> StaticFlow:
    """The edges from calls that ``is_source`` names to calls that ``is_sink`` names."""
    return StaticFlow()
