"""Where answers go: styled lines on a terminal, plain text in a pipe or with NO_COLOR, or JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from whence.query.outline.line import Line

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    "": "",
    "strong": "bold",
    "dim": "dim",
    "entity": "bold cyan",
    "activity": "bold magenta",
    "agent": "bold yellow",
    "good": "green",
    "bad": "bold red",
    "warn": "yellow",
    "guide": "dim",
}


def write_json(answer: Any) -> None:
    """The answer as JSON, indented on a terminal."""
    encoded = msgspec.json.encode(answer)
    if sys.stdout.isatty():
        encoded = msgspec.json.format(encoded, indent=2)
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()


def write_lines(lines: Iterable[Line]) -> None:
    """The lines, with style where it can be seen."""
    if is_styled():
        _write_styled(lines)
    else:
        _write_plain(lines)
    sys.stdout.flush()


def is_styled() -> bool:
    """Whether stdout is a terminal whose user wants colour."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def width() -> int | None:
    """The columns of the terminal; None in a pipe, where no line is shortened."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _write_plain(lines: Iterable[Line]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        text = "".join(piece.text for piece in line).rstrip() + "\n"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _write_styled(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console: Console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((piece.text, _STYLES[piece.style]) for piece in line)))
