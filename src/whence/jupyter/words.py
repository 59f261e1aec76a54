"""The words after ``%whence``: which question, of what, and with which options."""

from __future__ import annotations

import argparse
import shlex
from typing import Any, NoReturn

from whence._base.errors import UsageError

QUESTIONS = {
    "trace": "everything upstream of THING, or of this session",
    "impact": "everything downstream of THING",
    "why": "the paths between two things",
    "flow": "which data fed which model in this session, or the one of THING",
    "columns": "what each column was for in this session, or the one of THING",
    "diff": "what differs between two sessions or runs; between this one and THING",
    "show": "what, when, why, where, who and how of THING, or of this session",
    "log": "the runs and sessions, newest first",
    "status": "the store",
    "check": "slips in this session, or in THING with everything upstream",
}
_THINGS = {"why": ("2", "THING"), "diff": ("+", "THING"), "impact": ("1", "THING")}
_DRAWN = ("trace", "impact", "why", "flow", "columns")
_MOST_THINGS = 2


class _Parser(argparse.ArgumentParser):
    """A parser that raises where others end the program."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}. {self.format_usage().strip()}")


def parsed(line: str) -> Any:
    """The question, its ``things`` and options; ``question`` is empty for an empty line.

    Raises UsageError.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"%whence: {error}") from error
    if not words or words[0] in ("-h", "--help", "help"):
        return argparse.Namespace(question="")
    question, *rest = words
    if question not in QUESTIONS:
        from difflib import get_close_matches

        near = get_close_matches(question, QUESTIONS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(QUESTIONS)}"
        raise UsageError(f"%whence has no question {question!r}; {hint}")
    found = _parser(question).parse_args(rest)
    found.question = question
    if len(getattr(found, "things", ())) > _MOST_THINGS:
        raise UsageError(f"%whence {question} compares two things")
    return found


def usage() -> str:
    """What can be asked, one line each."""
    lines = [f"  %whence {name:8} {text}" for name, text in QUESTIONS.items()]
    notes = (
        "THING is a variable of this notebook, a path, an id, a digest or a name of a run.",
        "--text gives an answer as text alone, --full lists all; %whence trace --columns adds "
        "columns.",
    )
    return "\n".join([*lines, "", *notes])


def options(question: str) -> list[str]:
    """The options of a question, for completion."""
    return [one for action in _parser(question)._actions for one in action.option_strings]


def _parser(question: str) -> _Parser:
    parser = _Parser(f"%whence {question}", add_help=False, allow_abbrev=False)
    if question not in ("log", "status"):
        number, name = _THINGS.get(question, ("?", "THING"))
        nargs: Any = int(number) if number.isdigit() else number
        if number == "?":
            parser.add_argument("things", nargs="*", metavar=name)
        else:
            parser.add_argument("things", nargs=nargs, metavar=name)
    if question in _DRAWN:
        parser.add_argument("--text", action="store_true")
    if question in ("trace", "impact", "why", "flow", "show", "diff"):
        parser.add_argument("--full", action="store_true")
    if question in ("trace", "impact"):
        parser.add_argument("--all-versions", action="store_true")
        parser.add_argument("--depth", type=int)
        parser.add_argument("--limit", type=int)
    if question == "trace":
        parser.add_argument("--columns", action="store_true")
    if question == "log":
        parser.add_argument("--filter")
        parser.add_argument("--order-by")
        parser.add_argument("-n", "--limit", type=int, default=30)
    if question == "check":
        parser.add_argument("--without", action="append", default=[])
    return parser
