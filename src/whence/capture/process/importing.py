"""Watches imports: attaches observers to their libraries, records the user's own modules as code.

No frame of ours is on the stack while a module's code runs, so tracebacks of failed imports are
those of plain Python. The end of an import is seen where the import system itself marks it: it sets
``spec._initializing`` to false, and the spec of a module we wait for is of a class that notices.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from whence.capture.guard import guarded

OnLibrary = Callable[[ModuleType], None]
OnCode = Callable[[str], None]

_waiting: dict[str, OnLibrary] = {}
_STANDARD = sys.stdlib_module_names


class _WatchedSpec(ModuleSpec):
    """A spec that tells when its module has been loaded, and is an ordinary one from then on."""

    @property
    def _initializing(self) -> bool:
        return bool(self.__dict__.get("_initializing", False))

    @_initializing.setter
    def _initializing(self, value: bool) -> None:
        self.__dict__["_initializing"] = value
        if not value:
            self.__class__ = ModuleSpec  # type: ignore[assignment]  # back to what it was
            _loaded(self.name)


class ImportWatcher:
    """A finder, first in ``sys.meta_path``, that finds nothing by itself.

    It asks the other finders as the import system would, and looks at what they say.
    """

    def __init__(self, on_code: OnCode) -> None:
        self._on_code = on_code
        self._packages: dict[str, bool] = {}
        self._installed = _installation_folders()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that the other finders have, when it is of interest; None leaves it to them."""
        top = name.partition(".")[0]
        watched = name in _waiting
        if not watched and (top in _STANDARD or self._is_known_as_others(name, top)):
            return None
        spec = self._ask_others(name, path, target)
        if spec is not None:
            with guarded("observer-failed", "imports"):
                self._look_at(spec, name, top, watched)
        return spec

    def _look_at(self, spec: ModuleSpec, name: str, top: str, watched: bool) -> None:
        origin = spec.origin
        is_own = origin is not None and spec.has_location and self._is_users(origin)
        if name == top:
            places = spec.submodule_search_locations
            self._packages[top] = is_own or (origin is None and places is not None)
        if is_own and origin is not None:
            self._on_code(origin)
        if watched and type(spec) is ModuleSpec:
            spec.__class__ = _WatchedSpec

    def _ask_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in finders_after(self):
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if find is None else find(name, path, target)
            if spec is not None:
                return spec
        return None

    def _is_known_as_others(self, name: str, top: str) -> bool:
        """Whether this is part of a package that is not the user's."""
        if name != top and top not in self._packages:
            file = getattr(sys.modules.get(top), "__file__", None)
            self._packages[top] = file is None or self._is_users(file)
        return self._packages.get(top) is False

    def _is_users(self, origin: str) -> bool:
        return not os.path.abspath(origin).startswith(self._installed)


def watch_imports(libraries: dict[str, OnLibrary], on_code: OnCode) -> None:
    """Call each library's function right after its first import, ``on_code`` for users' modules.

    A library that is imported already is told of at once.
    """
    sys.meta_path.insert(0, ImportWatcher(on_code))
    for name, on_library in libraries.items():
        module = sys.modules.get(name)
        if module is not None:
            on_library(module)
        else:
            _waiting[name] = on_library


def finders_after(finder: object) -> list[Any]:
    """The finders that the import system asks after this one: finders of ours ask these alone.

    If two of them asked each other neither would ever answer.
    """
    finders: list[Any] = list(sys.meta_path)
    for place, found in enumerate(finders):
        if found is finder:
            return finders[place + 1 :]
    return finders


def watch_no_imports() -> None:
    """Tell nobody of imports any more."""
    _waiting.clear()
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, ImportWatcher)]


def _loaded(name: str) -> None:
    """Tell whoever waits for ``name``, if the import succeeded."""
    module = sys.modules.get(name)
    if module is None:
        return
    on_library = _waiting.pop(name, None)
    if on_library is not None:
        with guarded("observer-failed", f"attaching to {name}"):
            on_library(module)


def _installation_folders() -> tuple[str, ...]:
    """The folders whose modules are not the user's: interpreter, packages, Whence itself."""
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    folders: dict[str, Any] = {os.path.dirname(os.__file__): None, ours: None}
    for path in sys.path:
        if os.path.basename(path) in ("site-packages", "dist-packages", "lib-dynload"):
            folders[path] = None
    return tuple(os.path.join(folder, "") for folder in folders)
