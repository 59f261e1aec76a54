"""What a store gives to those who keep a view of it elsewhere: the roles of `MirroredStore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol


class Noted(NamedTuple):
    """A node of which something may differ. ``type`` 0: nothing describes it; ``changed``: what is
    said of it or of its edges may differ, else only to which run it belongs."""

    number: int
    uid: bytes
    type: int
    changed: bool


class Watch(Protocol):
    """What changed since someone last asked, for those who keep a view of the store elsewhere.

    ``begin`` watches from then on, with nothing noted, and gives the ``token`` that names the
    watch; it is another one after a `reset` of the store, None without a watch. ``take`` gives what
    was noted, by number, and again until ``done``; ``has_news`` says whether there is any.
    """

    def token(self) -> str | None: ...
    def begin(self) -> str: ...
    def has_news(self) -> bool: ...
    def take(self) -> list[Noted]: ...
    def done(self) -> None: ...


class Belonging(Protocol):
    """To which run each node belongs: its *root*, so that every fact stands in one place.

    An activity belongs to the innermost run it is part of, else to the outermost activity. An
    entity or agent belongs where the activity does that made it first; else the first that used it
    or that it was associated with; else where that belongs which is said to come from it or consist
    of it. What nothing tells belongs to itself; aliases belong nowhere.
    """

    def everything(self) -> Iterator[list[int]]: ...
    def number_of(self, uid: bytes) -> int | None: ...
    def uids(self, numbers: Iterable[int]) -> dict[int, bytes]: ...
    def roots(self, numbers: Iterable[int]) -> dict[int, int]: ...
    def activities_of(self, roots: Iterable[int]) -> dict[int, int]: ...
    def activities_among(self, numbers: Iterable[int]) -> set[int]: ...
    def entities_of(self, activities: dict[int, int], roots: Sequence[int]) -> dict[int, int]: ...
    def joined(self, activities: dict[int, int]) -> set[int]: ...
    def starters(self, activities: Iterable[int]) -> set[int]: ...
    def specializing(self, contents: Iterable[int]) -> set[int]: ...


class MirroredStore(Protocol):
    """What it takes to keep a view of the store elsewhere."""

    def watch(self) -> Watch: ...
    def belonging(self) -> Belonging: ...
