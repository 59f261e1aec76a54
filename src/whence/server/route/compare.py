"""Runs side by side: two in depth, or up to twenty by what they have."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence.server.operation import Call, Operation
from whence.server.parameter import Thing
from whence.service.comparing import Comparison, compare_runs
from whence.service.reply import Diff

FEWEST, MOST = 2, 20


class DiffQuery(msgspec.Struct, frozen=True):
    left: Thing
    right: Thing


class CompareQuery(msgspec.Struct, frozen=True):
    run: Annotated[
        list[Thing],
        msgspec.Meta(
            description="A run, by id or name; give one for each",
            min_length=FEWEST,
            max_length=MOST,
        ),
    ]


def diff(call: Call[DiffQuery]) -> Diff:
    """Two runs compared; a file stands for the run that made it."""
    with call.questions() as asked:
        return asked.diff(call.query.left, call.query.right)


def compare(call: Call[CompareQuery]) -> Comparison:
    """Several runs side by side, what differs first."""
    with call.questions() as asked:
        return compare_runs(asked.store, [asked.run_of(name) for name in call.query.run])


OPERATIONS = (
    Operation("GET", "/projects/{project}/diff", diff, "Compare two runs", DiffQuery, Diff),
    Operation(
        "GET",
        "/projects/{project}/compare",
        compare,
        "Several runs side by side",
        CompareQuery,
        Comparison,
    ),
)
