"""The cells of a notebook's file: plain JSON of nbformat 4, with and without ids of cells."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from whence._base.errors import DocumentError
from whence.analysis.notebook.execution import Cell

FORMAT = 4


class Document(NamedTuple):
    """``has_ids`` says whether the ids are the file's own; else they are places in it."""

    cells: tuple[Cell, ...]
    language: str
    has_ids: bool


def read_document(data: bytes, name: str) -> Document:
    """The code cells of the notebook that ``data`` is, from top to bottom.

    Raises DocumentError when it is no JSON, no notebook, or of another format than 4.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{name} is no notebook: it is not JSON ({error})") from error
    if not isinstance(found, dict) or not isinstance(found.get("cells", None), list):
        if isinstance(found, dict) and "worksheets" in found:
            raise DocumentError(
                f"{name} is a notebook of format 3; write it anew: "
                f"jupyter nbconvert --to notebook --inplace {name}"
            )
        raise DocumentError(f"{name} is no notebook: it has no list of cells")
    if found.get("nbformat") != FORMAT:
        raise DocumentError(
            f"{name} is a notebook of format {found.get('nbformat')}; this version reads format 4"
        )
    code = [
        (index, cell)
        for index, cell in enumerate(found["cells"])
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]
    ids = [cell.get("id") for _, cell in code]
    has_ids = bool(ids) and all(isinstance(one, str) and one for one in ids)
    has_ids = has_ids and len(set(ids)) == len(ids)
    cells = tuple(
        Cell(cell["id"] if has_ids else f"#{index + 1}", index, _text(cell), _count(cell))
        for index, cell in code
    )
    return Document(cells, _language(found), has_ids)


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _count(cell: dict[str, Any]) -> int | None:
    count = cell.get("execution_count")
    return count if isinstance(count, int) else None


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        inner = told.get(part)
        if isinstance(inner, dict) and isinstance(inner.get(key), str):
            return str(inner[key]).lower()
    return "python"
