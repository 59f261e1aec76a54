"""Two runs compared, and several side by side: what each has of all that any of them has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from whence.model.value import encode
from whence.query.answer import AnswerNode
from whence.query.describe import answer_nodes
from whence.query.diff import Kept, Section, diff_runs, facts_of
from whence.query.diff.cells import CellDiff
from whence.query.diff.flow import FlowDiff
from whence.query.disk import Disk
from whence.query.plain import clean, plain
from whence.store.protocol import Node, Store


class Row(msgspec.Struct, frozen=True):
    """What each run has for a key, None where it has nothing; ``differs`` where not all agree."""

    section: str
    key: str
    values: list[Any]
    differs: bool


class Comparison(msgspec.Struct, frozen=True):
    """``rows`` that differ come first; their values are in the order of ``runs``."""

    runs: list[AnswerNode]
    rows: list[Row]


def compared_runs(
    store: Store, left: Node, right: Node, kept: Kept, disk: Disk
) -> tuple[list[Section], FlowDiff | None, list[CellDiff] | None]:
    """Two runs compared: the sections, what fed what, and of two kernel sessions the cells."""
    from whence.service.flow.difference import flow_difference
    from whence.service.notebook.compare import is_session, session_parts

    if is_session(store, left) and is_session(store, right):
        return session_parts(store, left, right, kept, disk)
    sections = diff_runs(store, left, right, kept, disk)
    return sections, flow_difference(store, left, right, sections, kept), None


def compare_runs(store: Store, runs: Sequence[Node]) -> Comparison:
    """The runs side by side: parameters, metrics, files, code, packages and machine."""
    facts = [facts_of(store, run) for run in runs]
    rows = [
        _row(section, key, [one[section] for one in facts])
        for section in facts[0]
        for key in dict.fromkeys(key for one in facts for key in one[section])
    ]
    rows.sort(key=lambda row: not row.differs)
    return Comparison(answer_nodes(store, runs), rows)


def _row(section: str, key: str, sides: Sequence[Mapping[str, Any]]) -> Row:
    spelled = {encode(side[key]) if key in side else None for side in sides}
    values = [plain(side.get(key)) for side in sides]
    return Row(section, clean(key), values, len(spelled) > 1)
