"""The flow of a script or notebook that is only read: what the code would do, all inferred."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from whence.analysis.module import read_module
from whence.analysis.static import StaticCall, StaticEdge, StaticFlow, static_flow
from whence.query.answer import Completeness, GapNote
from whence.query.cells import Shown, in_words
from whence.query.flow import FlowEdge, SinkCall, SourceCall
from whence.service.flow.join import UNRESOLVED
from whence.service.flow.names import is_sink, is_source, is_synthetic
from whence.service.flow.written import WrittenCells

NOTEBOOK = b".ipynb"

Show = Callable[[str, int], Shown]
"""How a place in the code is told."""


def script_named(thing: str | bytes | os.PathLike[Any], folder: bytes) -> bytes | None:
    """The text of the script or notebook that ``thing`` names, seen from ``folder``; else None."""
    path = os.path.join(folder, os.fsencode(thing))
    if not path.endswith((b".py", NOTEBOOK)) or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def script_flow(text: bytes, file: str) -> tuple[list[FlowEdge], Completeness]:
    """The edges that the code of a script or notebook allows, and what could not be decided.

    Raises AnalysisError for what is no Python that can be read, DocumentError for no notebook.
    """
    shown: Show = Shown
    if file.encode("utf-8", "replace").endswith(NOTEBOOK):
        cells = WrittenCells(text, file)
        shown, module = cells.shown, cells.code.module()
    else:
        module = read_module(text, file)
    return _told(static_flow(module, is_source, is_sink), shown)


def _told(found: StaticFlow, shown: Show) -> tuple[list[FlowEdge], Completeness]:
    edges: dict[tuple[SourceCall, SinkCall], dict[str, None]] = {}
    for edge in found.edges:
        ends = _source(edge.source, shown), _sink(edge.sink, shown)
        arguments = edges.setdefault(ends, {})
        arguments[_argument(edge)] = None
    told = [
        FlowEdge(source, sink, "train", "inferred", arguments=list(arguments))
        for (source, sink), arguments in edges.items()
    ]
    gaps = [
        GapNote(
            UNRESOLVED, None, 1, f"{in_words(*shown(one.site.file, one.site.line))}: {one.reason}"
        )
        for one in found.unknown
    ]
    return told, Completeness(not gaps, [], gaps)


def _source(call: StaticCall, shown: Show) -> SourceCall:
    file, line, cell = shown(call.site.file, call.site.line)
    return SourceCall(call.call, file, line, synthetic=is_synthetic(call.call), cell=cell)


def _sink(call: StaticCall, shown: Show) -> SinkCall:
    receiver = (call.receiver or "").rpartition(".")[2]
    file, line, cell = shown(call.site.file, call.site.line)
    return SinkCall(call.call.rpartition(".")[2], receiver, file, line, cell)


def _argument(edge: StaticEdge) -> str:
    """Positions as the words that scikit-learn has for them."""
    words = ("X", "y")
    if isinstance(edge.argument, str):
        return edge.argument
    return words[edge.argument] if edge.argument < len(words) else f"argument {edge.argument}"
