"""What a running cell meets in the heap: the versions of names, and who made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from whence.analysis.notebook.given import BUILTINS
from whence.analysis.notebook.heap import UNDEFINED, Heap, Thing, makers
from whence.analysis.notebook.unit import RANDOM, Ref


class Seen(NamedTuple):
    """A version that a cell met: of a name or part, and which execution touched it last."""

    name: str
    key: str | None
    version: int
    by: int


class Trace:
    """What a cell saw and made. Two runs with the same versions did the same.

    ``missing`` is a name that was not there and without which it ends at line ``stopped_at``.
    """

    __slots__ = ("missing", "seen", "stopped_at", "versions")

    def __init__(self) -> None:
        self.versions: list[int] = []
        self.seen: list[Seen] = []
        self.missing = ""
        self.stopped_at: int | None = None


class Learned:
    """What the kernel has shown of statements, by what they were run from.

    ``failed`` are those that failed; ``bound`` says of names that a statement may bind whether it
    did: None where that could not be seen, as the name kept the object that it had.
    """

    def __init__(self) -> None:
        self.failed: set[object] = set()
        self.bound: dict[tuple[object, str], bool | None] = {}


class Looking:
    """The reading side of a run of a cell; see `Replay`."""

    def __init__(
        self,
        heap: Heap,
        by: int,
        files: tuple[object, ...] = (),
        learned: Learned | None = None,
        bound: Sequence[str] | None = None,
        *,
        strict: bool = False,
    ) -> None:
        self._heap, self._by, self._files, self._strict = heap, by, files, strict
        self._learned = Learned() if learned is None else learned
        self._bound = bound
        self.trace = Trace()
        self._unit = ""
        self._made: tuple[object, ...] = ()
        self._settled: tuple[object, ...] | None = None

    def _unknown(self, ref: Ref) -> int:
        if ref.name not in BUILTINS and ref.name != RANDOM:
            self.trace.seen.append(Seen(ref.name, ref.key, UNDEFINED, -1))
        return UNDEFINED

    def _look(self, ref: Ref, thing: Thing) -> int:
        if not thing.parts:
            heap, key, by = self._heap, ref.key, thing.by
            if key is None or key[0] == ".":
                version = thing.base
            else:
                version = heap.versions.of(("part", thing.base, key))
        else:
            version, by = self._look_parts(ref, thing)
        if by != self._by:
            self.trace.seen.append(Seen(ref.name, ref.key, version, by))
        return version

    def _look_parts(self, ref: Ref, thing: Thing) -> tuple[int, int]:
        """The version of an object with parts, and which execution made it so last."""
        key, parts = ref.key, thing.parts or {}
        if key is None:
            version, all_by = self._heap.version(thing), makers(thing)
        else:
            version = self._heap.part_version(thing, key)
            part = parts.get(key.lstrip("."))
            if part is not None:
                all_by = makers(part)
            else:
                all_by = makers(thing) if key[0] == "." else [thing.by]
        last = max(all_by)
        for by in all_by:
            if by not in (last, self._by):
                self.trace.seen.append(Seen(ref.name, key, version, by))
        return version, last
