"""The name of the file that IPython compiles a cell under."""

from __future__ import annotations

from typing import Any

_MOST = 1000


class FileNames:
    """Asks the shell's compiler. A kernel's computes a slow hash of the text, so that is kept."""

    def __init__(self, shell: Any) -> None:
        self._compiler = shell.compile
        self._is_by_text = type(self._compiler).__module__ == "ipykernel.compiler"
        self._known: dict[str, str] = {}

    def of(self, written: str, ran: str, count: int) -> str:
        """The name for a cell with this text, as written and as it runs, and this number."""
        known = self._known.get(written)
        if known is not None:
            return known
        name = str(self._compiler.get_code_name(written, ran, count))
        if self._is_by_text:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[written] = name
        return name
