"""The source of a cell as Python: magics and shell lines taken out, every line in its place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "py", "python3k"})
"""Cell magics whose body is Python that runs in the kernel."""

_OPAQUE = frozenset(
    {"run", "pylab", "load_ext", "reload_ext", "autoreload_all", "store", "px", "sql"}
)
"""Line magics that may bind any name."""

_LINE_PYTHON = frozenset({"time", "timeit", "prun", "memit"})
_ASSIGNED = re.compile(r"^(\s*)([\w\s,.\[\]'\"]+?)\s*=\s*([%!])(.*)$")
_OPTIONS = re.compile(r"^(?:\s*-{1,2}[A-Za-z]\w*(?:\s+\d+)?)*\s*")
_NAME = re.compile(r"\w+")

OPAQUE_CALL = "__magic__()"
RESET_CALL = "__reset__()"


class Readable(NamedTuple):
    """``text`` has as many lines as the source. ``language`` is ``python`` or a cell magic's name.

    ``binds`` are names that the cell magic itself binds.
    """

    text: str
    language: str = "python"
    binds: tuple[str, ...] = ()


def readable(source: str) -> Readable:
    """The cell as Python; no text for a cell in another language."""
    lines = source.splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Readable("")
    if lines[first].startswith("%%"):
        head = lines[first][2:].strip()
        name, _, rest = head.partition(" ")
        if name not in PYTHON_MAGICS:
            return Readable("", name or "python", _outputs(rest))
        lines = [*[""] * (first + 1), *lines[first + 1 :]]
        if name in ("time", "timeit") and not any(line.strip() for line in lines):
            lines[first] = _without_options(rest)
        body = _plain(lines)
        named = tuple(_NAME.findall(rest))[:1] if name == "capture" and rest[:1] != "-" else ()
        return Readable(body, "python", named)
    return Readable(_plain(lines))


def _outputs(rest: str) -> tuple[str, ...]:
    """The names that ``%%bash --out NAME --err NAME`` binds."""
    words = rest.split()
    pairs = pairwise(words)
    return tuple(name for flag, name in pairs if flag in ("--out", "--err") and name.isidentifier())


def _plain(lines: list[str]) -> str:
    found: list[str] = []
    for line in lines:
        goes_on = bool(found) and found[-1].rstrip().endswith(("\\", ",", "(", "[", "{"))
        found.append(line if goes_on else _line(line))
    return "\n".join(found)


def _line(line: str) -> str:
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    if text.startswith("%"):
        return indent + _magic(text[1:].strip())
    if text.startswith("!"):
        return indent + "pass"
    if text.startswith("?") or (
        text.rstrip().endswith("?") and "'" not in text and '"' not in text
    ):
        return indent + "pass"
    assigned = _ASSIGNED.match(line) if "%" in line or "!" in line else None
    if assigned is not None:
        spaces, target, mark, rest = assigned.groups()
        name = rest.strip().partition(" ")
        if mark == "%" and name[0] in _LINE_PYTHON:
            return f"{spaces}{target} = ({_without_options(name[2]) or None})"
        return f"{spaces}{target} = __shell__()"
    return line


def _magic(text: str) -> str:
    name, _, rest = text.lstrip("%").partition(" ")
    if name in _LINE_PYTHON:
        return _without_options(rest) or "pass"
    if name in ("reset", "reset_selective"):
        return RESET_CALL
    return OPAQUE_CALL if name in _OPAQUE else "pass"


def _without_options(rest: str) -> str:
    return _OPTIONS.sub("", rest, count=1).strip()
