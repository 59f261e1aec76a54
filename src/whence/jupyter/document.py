"""Notebook files: reading one with clear errors, a cell of parameters, writing one back."""

from __future__ import annotations

import json
import keyword
import os
from collections.abc import Mapping
from errno import EXDEV
from math import inf
from pathlib import Path
from typing import Any

from whence._base.errors import DocumentError, MissingExtraError, UsageError
from whence._base.private import write_aside

INSTALL = "Run: pip install 'whence[notebook]'"
_PARAMETERS, INJECTED = "parameters", "injected-parameters"
_FORMAT = 4


def read_notebook(path: Path) -> Any:
    """The notebook in the file, in format 4 as it is written.

    Raises UsageError when there is no file, DocumentError when it holds no notebook,
    MissingExtraError without nbformat.
    """
    nbformat = _nbformat()
    found = _json(path)
    if not isinstance(found, dict) or not isinstance(found.get("nbformat"), int):
        raise DocumentError(f"{path} is no notebook: it has no field nbformat")
    if found["nbformat"] > _FORMAT:
        raise DocumentError(
            f"{path} is a notebook of format {found['nbformat']}; this version reads up to "
            f"{_FORMAT}"
        )
    try:
        notebook = nbformat.reads(json.dumps(found), as_version=_FORMAT)
        nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # nbformat raises what its converters happen to
        reason = " ".join(str(getattr(error, "message", "") or error).split())[:200]
        raise DocumentError(f"{path} is no valid notebook: {reason}") from error
    return notebook


def _nbformat() -> Any:
    """The library, which has no types."""
    try:
        import nbformat
    except ImportError as error:
        raise MissingExtraError(f"Notebooks are read with nbformat. {INSTALL}") from error
    return nbformat


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise UsageError(f"There is no notebook {path}") from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path} is no notebook: it is no JSON ({error})") from error


def with_parameters(notebook: Any, parameters: Mapping[str, Any]) -> None:
    """Add the cell that sets parameters: after the one tagged ``parameters``, else at the top.

    One that was added before, by us or by papermill, is replaced. Raises UsageError for a name
    that is none in Python.
    """
    lines = [
        "# Parameters",
        *(f"{_name(key)} = {_spelled(value)}" for key, value in parameters.items()),
    ]
    cell = _nbformat().v4.new_code_cell("\n".join(lines), metadata={"tags": [INJECTED]})
    if notebook.nbformat_minor < 5:
        cell.pop("id", None)
    elif INJECTED not in {one.get("id") for one in notebook.cells}:
        cell["id"] = INJECTED  # the same in each run, so that runs can be compared
    tags = [one.metadata.get("tags", []) for one in notebook.cells]
    injected = [at for at, found in enumerate(tags) if INJECTED in found]
    tagged = [at + 1 for at, found in enumerate(tags) if _PARAMETERS in found]
    if injected:
        notebook.cells[injected[0]] = cell
    else:
        notebook.cells.insert(tagged[0] if tagged else 0, cell)


def _name(key: str) -> str:
    if not key.isidentifier() or keyword.iskeyword(key):
        raise UsageError(f"A parameter is set as a variable, and {key!r} is no name of one")
    return key


def _spelled(value: Any) -> str:
    """Python for a value as JSON has them."""
    return f"float({str(value)!r})" if value in (inf, -inf) else repr(value)


def write_notebook(notebook: Any, path: Path, aside: str | None = None) -> None:
    """Write the notebook to the file, whole or not at all; it keeps its mode and its links.

    ``aside`` is a folder to write it in first, used where it lies on the same file system.
    Raises OSError.
    """
    nbformat = _nbformat()
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    data, place = f"{text}\n".encode("utf-8", "surrogatepass"), os.path.realpath(path)
    try:
        folder = aside or os.path.dirname(place)
        _replace(os.path.join(folder, os.path.basename(place)), place, data)
    except OSError as error:
        if not aside or error.errno != EXDEV:
            raise
        _replace(place, place, data)


def _replace(beside: str, place: str, data: bytes) -> None:
    made = write_aside(beside, data)
    try:
        os.chmod(made, _mode(place))
        os.rename(made, place)
    except BaseException:
        os.unlink(made)
        raise


def _mode(place: str) -> int:
    """The mode of the file that is there, else what a new one gets."""
    try:
        return os.stat(place).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
