"""The flow of a notebook that is only read: its cells from top to bottom, all of it inferred."""

from __future__ import annotations

import json
import os
from typing import Any

from whence._base.errors import DocumentError
from whence.analysis.cells import CellCode, CellModule
from whence.analysis.magic import python_of
from whence.query.cells import CellPlace, Shown


class WrittenCells:
    """The code cells of a notebook as it is on disk, as one module called ``file``."""

    def __init__(self, text: bytes, file: str) -> None:
        """Raises DocumentError for what is no notebook."""
        self.name = os.path.basename(file)
        self._cells = [cell for cell in _cells(text, file) if _is_code(cell)]
        code = [CellCode(python_of(_source(cell))) for cell in self._cells]
        self.code = CellModule(self.name, code)

    def shown(self, file: str, line: int) -> Shown:
        """A place in the module as it is told."""
        number, own = self.code.place(line)
        cell = self._cells[number]
        count = cell.get("execution_count")
        place = CellPlace(str(cell.get("id") or ""), count if isinstance(count, int) else None,
                          number + 1)  # fmt: skip
        return Shown(file, f"{place.id or f'[{count or number + 1}]'}:{own}", place)


def _cells(text: bytes, file: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
        sheets = document.get("worksheets") or [document]  # format 3 had its cells in sheets
        found = [cell for sheet in sheets for cell in sheet["cells"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(f"{file} is no notebook: it has no cells that can be read") from error
    if not all(isinstance(cell, dict) for cell in found):
        raise DocumentError(f"{file} is no notebook: it has cells that are no objects")
    return found


def _is_code(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _source(cell: dict[str, Any]) -> str:
    """The text of a cell, which may be kept as lines."""
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(map(str, source))
