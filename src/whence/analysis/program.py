"""The backward slice between calls that ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whence.analysis.answer import Slice
from whence.analysis.module import Module
from whence.analysis.site import Anchor


class Program:
    """The code of a run with the watched calls that it made.

    ``sources`` are the calls where a slice ends. ``others`` are calls that ran too (splits, fits):
    their stacks tell which function of the user's a call really entered.
    """

    def __init__(
        self,
        modules: Mapping[str, Module],
        sources: Sequence[Anchor],
        others: Sequence[Anchor] = (),
    ) -> None:
        self._modules = modules
        self._sources = sources
        self._others = others

    def slice(self, sink: Anchor, argument: str | int | None = None) -> Slice:
        """The sources that the value of ``argument`` rests on.

        ``argument`` is a keyword or a position (0 is the first) in the sink's call as it is
        written in the innermost frame; None means all arguments, but not the receiver.
        """
        return Slice()
