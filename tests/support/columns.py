"""Programs whose columns are followed: what each sink's line says that its columns are made of.

``#= a: one.x two.y; b: one.z`` stands on a sink's line; ``?`` says that a reason is told why not
all could be decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

from tests.support.anchors import Run
from whence.analysis.columns import ColumnFlow, ColumnSlice
from whence.analysis.site import Anchor

NOTHING = "no source has a column that"


def run_of(text: str, values: Mapping[str, object]) -> Run:
    """A program that has run with the frames ``values``."""
    return Run(dedent(text), values=values)


def flow_of(run: Run, columns: Mapping[str, Sequence[str]]) -> ColumnFlow:
    """The columns of a run whose sources have ``columns``."""
    return ColumnFlow(run.program(), {one.id: columns[run.name_of(one)] for one in run.sources})


def told(run: Run, found: ColumnSlice) -> set[str]:
    """The columns that were found, each with its source."""
    names = {f"{run.name_of(one.source)}.{one.column}" for one in found.origins}
    is_unknown = any(not one.reason.startswith(NOTHING) for one in found.unknown)
    return names | ({"?"} if is_unknown else set())


def wanted(run: Run, anchor: Anchor) -> dict[str, set[str]]:
    """What the comment on a sink's line says."""
    line = run.files["main"].splitlines()[anchor.stack[0].line - 1]
    parts = [part.partition(":") for part in line.partition("#=")[2].split(";")]
    return {name.strip(): set(origins.split()) for name, _, origins in parts}


def answers(run: Run, columns: Mapping[str, Sequence[str]]) -> tuple[list[object], list[object]]:
    """What was found of all sinks of a run, and what should be."""
    flow = flow_of(run, columns)
    wishes = [wanted(run, sunk.anchor) for sunk in run.sinks]
    found = [
        {name: told(run, flow.origins(sunk.anchor, 0, name)) for name in wish}
        for sunk, wish in zip(run.sinks, wishes, strict=True)
    ]
    return list(found), list(wishes)
