"""Which part of a split reaches a call: the training part or the test part, and of which array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from whence.analysis.depth import told_when_too_deep
from whence.analysis.expression import DEFAULT, STEPS
from whence.analysis.module import Module
from whence.analysis.program import Program
from whence.analysis.ran import Ran
from whence.analysis.site import Anchor, Site
from whence.analysis.world import World


class Part(NamedTuple):
    """What reaches a call of what ``split`` gave: its element ``number``, None for any of them."""

    split: Anchor
    number: int | None
    through: tuple[Site, ...]


class PartFlow:
    """The parts that ``splits`` gave, followed to the calls that they reach.

    ``others`` are calls that ran too, as in a `Program`.
    """

    def __init__(
        self, modules: Mapping[str, Module], splits: Sequence[Anchor], others: Sequence[Anchor]
    ) -> None:
        self._program = Program(modules, splits, others)

    @cached_property
    def _ran(self) -> Ran:
        return self._program.ran_in(World(self._program.modules, STEPS, DEFAULT))

    def parts(self, sink: Anchor, argument: str | int) -> list[Part]:
        """The parts that an argument of ``sink`` rests on; see `Program.slice` for the argument.

        Raises AnalysisError for code that is nested too deeply.
        """
        with told_when_too_deep(sink.stack[0].file, sink.stack[0].line):
            start = self._program.start(self._ran, sink, argument)
            walked = self._program.walk(self._ran, start)
        return [
            Part(split, _number(demand.path), walked.walk.through(demand))
            for demand, split in walked.reached
            if split.order < sink.order
        ]


def _number(path: Sequence[str | int | None]) -> int | None:
    """The place in what a split gave: the last number, since folds come one after the other."""
    numbers = [key for key in path if isinstance(key, int)]
    return numbers[-1] if numbers else None
