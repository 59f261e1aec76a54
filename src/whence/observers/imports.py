"""Being told when a submodule was imported: some libraries load theirs long after the top one.

The end of an import is seen where the import system marks it, by a spec of a class that notices, so
no frame of ours is on the stack while a module's code runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from whence.capture.guard import guarded
from whence.capture.process.importing import finders_after

Imported = Callable[[ModuleType], None]


class ImportWatch:
    """Tells of submodules once each, right after they were executed; now if they are loaded."""

    def __init__(self) -> None:
        self._finder = _Finder()

    def when_imported(self, name: str, imported: Imported) -> None:
        """Call ``imported`` with the module ``name`` as soon as it is there."""
        module = sys.modules.get(name)
        spec = getattr(module, "__spec__", None)
        if module is not None and not getattr(spec, "_initializing", False):
            imported(module)
            return
        self._finder.waiting[name] = imported
        if self._finder not in sys.meta_path:
            sys.meta_path.insert(0, self._finder)

    def stop(self) -> None:
        """Tell of nothing more, and leave the import system as it was found."""
        self._finder.stop()


class _Finder(MetaPathFinder):
    """Finds nothing itself: it has the others find a module and watches its loading."""

    def __init__(self) -> None:
        self.waiting: dict[str, Imported] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.waiting:
            return None
        spec = self._found_by_others(fullname, path, target)
        if spec is not None and type(spec) is ModuleSpec:
            vars(spec)["_whence"] = self
            spec.__class__ = _WatchedSpec
        return spec

    def loaded(self, name: str) -> None:
        """Tell whoever waits for ``name``, if the import succeeded."""
        module = sys.modules.get(name)
        imported = self.waiting.pop(name, None) if module is not None else None
        if not self.waiting:
            self.stop()
        if imported is not None and module is not None:
            with guarded("observer-failed", f"import of {name}"):
                imported(module)

    def stop(self) -> None:
        self.waiting.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def _found_by_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in finders_after(self):
            find_spec = getattr(finder, "find_spec", None)
            if find_spec is not None:
                spec = find_spec(name, path, target)
                if spec is not None:
                    return spec  # type: ignore[no-any-return]  # a finder gives a spec or None
        return None


class _WatchedSpec(ModuleSpec):
    """A spec that tells when its module was loaded, and is an ordinary one from then on."""

    @property
    def _initializing(self) -> bool:
        return bool(vars(self).get("_initializing", False))

    @_initializing.setter
    def _initializing(self, value: bool) -> None:
        vars(self)["_initializing"] = value
        if not value:
            finder: _Finder = vars(self).pop("_whence")
            self.__class__ = ModuleSpec  # type: ignore[assignment]  # back to what it was
            finder.loaded(self.name)
