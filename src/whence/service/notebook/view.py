"""What the panel shows of a notebook: its cells, their executions, and the graph of a session."""

from __future__ import annotations

from typing import Literal

import msgspec

from whence.query.answer import AnswerEdge, AnswerNode, Completeness

CellState = Literal["fresh", "stale", "edited", "not-run", "failed", "running"]


class Session(msgspec.Struct, frozen=True):
    """A kernel session as the panel is told of it. ``notebook`` is an absolute path or empty;
    ``executions`` is None where only a server knows them."""

    id: str
    name: str
    notebook: str
    status: str
    started_at: str | None
    ended_at: str | None
    executions: int | None
    kernel: str


class CellView(msgspec.Struct, frozen=True):
    """A cell by its last execution. ``index`` is its place among all cells of the notebook as the
    file is now, None where it is gone; ``executions`` how often it ran; times are of the last run.

    ``defines`` and ``uses`` are names of variables, ``models`` and ``files`` what it made or read.
    """

    id: str
    index: int | None
    count: int | None
    state: CellState
    out_of_order: bool
    reasons: list[str]
    executions: int
    started_at: str | None
    took_ms: float | None
    status: str | None
    models: list[str]
    files: list[str]
    defines: list[str]
    uses: list[str]
    source: str


class ExecutionView(msgspec.Struct, frozen=True):
    """One execution; ``n`` is its ordinal in the session, from 1."""

    n: int
    cell: str
    count: int
    started_at: str | None
    took_ms: float | None
    status: str
    error: str


class MemoryName(msgspec.Struct, frozen=True):
    """A variable of the kernel that no cell of the notebook makes any more."""

    name: str
    cell: str
    reason: str


class Graph(msgspec.Struct, frozen=True):
    """Nodes in order of time, and the edges among them."""

    nodes: list[AnswerNode]
    edges: list[AnswerEdge]


class NotebookView(msgspec.Struct, frozen=True):
    """A notebook by one session, as it was after ``at`` executions."""

    session: Session
    at: int
    cells: list[CellView]
    executions: list[ExecutionView]
    only_in_memory: list[MemoryName]
    graph: Graph
    completeness: Completeness
