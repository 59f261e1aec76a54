"""A stand-in for a function that is written in C: called in its place, taken for it in all else.

It has the original's name, module, documentation and signature; it pickles by the original's name,
compares and hashes as the original (so ``os.open in os.supports_dir_fd`` stays true), is a built-in
for ``inspect``, and doesn't bind when it is an attribute of a class. An exception of the original
reaches the caller with the traceback it has without us.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import BuiltinFunctionType, ModuleType, TracebackType
from typing import Any

_COPIED = ("__name__", "__qualname__", "__module__", "__doc__", "__self__", "__text_signature__")


class StandIn:
    """Stands for ``original``; subclasses say what happens at a call."""

    def __init__(self, original: Callable[..., Any]) -> None:
        self.original = original
        self.__dict__.update({name: getattr(original, name, None) for name in _COPIED})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    @property  # type: ignore[misc]  # isinstance() asks it, and is to answer as for the original
    def __class__(self) -> type:
        return BuiltinFunctionType

    def __repr__(self) -> str:
        return repr(self.original)

    def __eq__(self, other: object) -> bool:
        return self is other or self.original == other

    def __hash__(self) -> int:
        return hash(self.original)

    def __reduce_ex__(self, protocol: object) -> str:
        return str(self.original.__qualname__)


class Placement:
    """Where stand-ins were put, so that each is taken away again."""

    def __init__(self) -> None:
        self._done: list[tuple[ModuleType, str, Any, Any]] = []

    def put(self, stand_in: StandIn, name: str, *modules: ModuleType | None) -> None:
        """Put ``stand_in`` under ``name`` into each module that has its original there."""
        for module in modules:
            if module is not None and vars(module).get(name) is stand_in.original:
                setattr(module, name, stand_in)
                self._done.append((module, name, stand_in, stand_in.original))

    def spread(self) -> None:
        """Put the stand-ins wherever else a loaded module holds their originals, but into ours.

        For a process that loaded modules before it was recorded: they bound the functions early.
        """
        found = {id(original): stand_in for _, _, stand_in, original in self._done}
        for key, module in list(sys.modules.items()):
            names = getattr(module, "__dict__", None)
            if names is None or key.partition(".")[0] == "whence":
                continue
            for name, value in list(names.items()):
                if type(value) is BuiltinFunctionType and id(value) in found:
                    self.put(found[id(value)], name, module)

    def undo(self) -> None:
        """Put every original back, unless somebody else has replaced the stand-in since."""
        done, self._done = self._done, []
        for module, name, stand_in, original in done:
            if vars(module).get(name) is stand_in:
                setattr(module, name, original)


def without_our_frame(error: BaseException, frames: int = 1) -> None:
    """Cut the first ``frames`` entries, ours, off the traceback; a bare ``raise`` adds none."""
    traceback: TracebackType | None = error.__traceback__
    for _ in range(frames):
        if traceback is not None:
            traceback = traceback.tb_next
    error.__traceback__ = traceback


def argument(args: tuple[Any, ...], kwargs: dict[str, Any], at: int, name: str) -> Any:
    """The argument at position ``at`` or of that name, or None."""
    return args[at] if len(args) > at else kwargs.get(name)
