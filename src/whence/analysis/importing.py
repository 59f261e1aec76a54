"""Which module of the user's an import names."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, join, normpath

from whence.analysis.module import Module


class Importing:
    """The modules at hand, found by the names that imports give them."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules
        self._known: dict[tuple[str, str, int], Module | None] = {}

    def find(self, dotted: str, level: int, importer: str) -> Module | None:
        """The module ``dotted`` (``level`` dots before it) as ``importer`` imports it."""
        key = (dotted, importer if level else dirname(importer), level)
        if key not in self._known:
            self._known[key] = self._find(dotted, level, importer)
        return self._known[key]

    def _find(self, dotted: str, level: int, importer: str) -> Module | None:
        folder = dirname(importer)
        for _ in range(level - 1):
            folder = dirname(folder)
        parts = dotted.replace(".", "/")
        names = [f"{parts}.py", f"{parts}/__init__.py"] if parts else ["__init__.py"]
        for name in names:
            near = self._modules.get(normpath(join(folder, name)))
            if near is not None:
                return near
        if level:
            return None
        ends = tuple(f"/{name}" for name in names)
        found = [module for file, module in self._modules.items() if file.endswith(ends)]
        return found[0] if len(found) == 1 else None
