"""The flow of a script that is only read: what the code would do, all of it inferred."""

from __future__ import annotations

import os
from typing import Any

from whence.analysis.module import read_module
from whence.analysis.static import StaticCall, StaticEdge, static_flow
from whence.query.answer import Completeness, GapNote
from whence.query.flow import FlowEdge, SinkCall, SourceCall
from whence.service.flow.join import UNRESOLVED
from whence.service.flow.names import is_sink, is_source, is_synthetic


def script_named(thing: str | bytes | os.PathLike[Any], folder: bytes) -> bytes | None:
    """The text of the script that ``thing`` names, seen from ``folder``; None when it is none."""
    path = os.path.join(folder, os.fsencode(thing))
    if not path.endswith(b".py") or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def script_flow(text: bytes, file: str) -> tuple[list[FlowEdge], Completeness]:
    """The edges that the code of a script allows, and what could not be decided.

    Raises AnalysisError for what is no Python that can be read.
    """
    found = static_flow(read_module(text, file), is_source, is_sink)
    edges: dict[tuple[SourceCall, SinkCall], dict[str, None]] = {}
    for edge in found.edges:
        arguments = edges.setdefault((_source(edge.source), _sink(edge.sink)), {})
        arguments[_argument(edge)] = None
    told = [
        FlowEdge(source, sink, "train", "inferred", arguments=list(arguments))
        for (source, sink), arguments in edges.items()
    ]
    gaps = [
        GapNote(UNRESOLVED, None, 1, f"{one.site.file}:{one.site.line}: {one.reason}")
        for one in found.unknown
    ]
    return told, Completeness(not gaps, [], gaps)


def _source(call: StaticCall) -> SourceCall:
    site = call.site
    return SourceCall(call.call, site.file, site.line, synthetic=is_synthetic(call.call))


def _sink(call: StaticCall) -> SinkCall:
    receiver = (call.receiver or "").rpartition(".")[2]
    return SinkCall(call.call.rpartition(".")[2], receiver, call.site.file, call.site.line)


def _argument(edge: StaticEdge) -> str:
    """Positions as the words that scikit-learn has for them."""
    words = ("X", "y")
    if isinstance(edge.argument, str):
        return edge.argument
    return words[edge.argument] if edge.argument < len(words) else f"argument {edge.argument}"
