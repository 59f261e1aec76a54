"""Where answers go: styled lines on a terminal, plain text in a pipe or with NO_COLOR, or JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


_ASCII = str.maketrans(
    {"└": "`", "├": "|", "│": "|", "─": "-", "…": "...", "↑": "^", "→": "->", "×": "x"}
)
"""What stands for our own signs where the output can't hold them."""


def write_json(answer: Any) -> None:
    """The answer as JSON, indented on a terminal."""
    encoded = msgspec.json.encode(answer)
    if sys.stdout.isatty():
        encoded = msgspec.json.format(encoded, indent=2)
    with _reader_may_go():
        sys.stdout.flush()
        sys.stdout.buffer.write(encoded + b"\n")
        sys.stdout.buffer.flush()


def write_lines(lines: Iterable[Line]) -> None:
    """The lines, with style where it can be seen."""
    with _reader_may_go():
        if is_styled():
            _write_styled(lines)
        else:
            _write_plain(lines)
        sys.stdout.flush()


@contextmanager
def _reader_may_go() -> Iterator[None]:
    """Take it for an end, not an error, that a pipe's reader has seen enough."""
    try:
        yield
    except BrokenPipeError:
        silence()


def silence() -> None:
    """Send what is still to be written nowhere, so that the interpreter can end quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    for line in lines:
        text = "".join(piece.text for piece in line).rstrip() + "\n"
        if encoding != "utf8":
            text = text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
        sys.stdout.write(text)


def _write_styled(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console: Console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((piece.text, _STYLES[piece.style]) for piece in line)))
