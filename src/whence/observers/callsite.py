"""Where in the user's code a call was made: a walk out of the libraries' frames.

A frame is the user's, a library's (installed in a site-packages folder) or plumbing: the standard
library, generated code and Whence itself, which pass calls on and count as nobody's.
"""

from __future__ import annotations

import os
import site
import sysconfig
from itertools import islice
from types import CodeType, FrameType
from typing import NamedTuple

HIDDEN = "<frozen importlib._bootstrap> whence"
"""The file name of our wrappers' code: `warnings` skips frames of such names when it counts."""

USER, LIBRARY, PLUMBING = 0, 1, 2

MAX_CALLERS = 16
"""Of deeper recursion the innermost callers are told."""

MAX_CODES = 1000


class Span(NamedTuple):
    """Where a call stands in its file, as ``code.co_positions`` has it: columns are in bytes."""

    line: int
    column: int
    end_line: int
    end_column: int


class CallSite(NamedTuple):
    """A call in the user's code. ``file`` is as the code object has it.

    ``callers`` are the calls of the user's code that led there, the innermost first.
    """

    file: str
    line: int
    function: str
    span: Span | None = None
    callers: tuple[CallSite, ...] = ()


def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    found = {paths["purelib"], paths["platlib"], site.getusersitepackages()}
    found.update(site.getsitepackages())
    return tuple(os.path.join(folder, "") for folder in found)


_STANDARD = tuple(
    {os.path.join(sysconfig.get_paths()[name], "") for name in ("stdlib", "platstdlib")}
    | {os.path.join(os.path.dirname(os.__file__), "")}
)
_OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
_LIBRARY = _library_folders()
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_GENERATED = ("<frozen ", "<__array_function__", "<decorator-gen", "<attrs generated")
_IMPORTING = "<frozen importlib"

_origin: dict[str, int] = {}


def origin(filename: str) -> int:
    """Whose code a file holds: USER, LIBRARY or PLUMBING."""
    known = _origin.get(filename)
    if known is None:
        known = _origin[filename] = _judge(filename)
    return known


def _judge(filename: str) -> int:
    if filename.startswith(_GENERATED) or filename.startswith(_OURS):
        return PLUMBING
    if filename.startswith(_LIBRARY) or any(mark in filename for mark in _INSTALLED):
        return LIBRARY
    return PLUMBING if filename.startswith(_STANDARD) else USER


def direct_user_frame(frame: FrameType | None) -> FrameType | None:
    """The user's frame that made a call, or None when a library made it.

    The standard library passes calls on (``functools.partial``, a timer): it does not count.
    """
    while frame is not None:
        whose = origin(frame.f_code.co_filename)
        if whose == USER:
            return frame
        if whose == LIBRARY:
            return None
        frame = frame.f_back
    return None


def user_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the user's code from ``frame`` outwards.

    None when there is none, or when a library made the call while it was being imported.
    """
    while frame is not None:
        filename = frame.f_code.co_filename
        if origin(filename) == USER:
            return frame
        if filename.startswith(_IMPORTING) and filename != HIDDEN:
            return None
        frame = frame.f_back
    return None


def site_of(frame: FrameType) -> CallSite:
    """The call that a frame is at, with those that led to it."""
    callers: list[CallSite] = []
    outer = frame.f_back
    while outer is not None and len(callers) < MAX_CALLERS:
        if origin(outer.f_code.co_filename) == USER:
            callers.append(_at(outer))
        outer = outer.f_back
    return _at(frame)._replace(callers=tuple(callers))


def _at(frame: FrameType) -> CallSite:
    code = frame.f_code
    line = frame.f_lineno or code.co_firstlineno
    return CallSite(code.co_filename, line, code.co_qualname, _span(code, frame.f_lasti))


_spans: dict[int, tuple[CodeType, dict[int, Span | None]]] = {}
"""The spans that were asked for, by the code's address; the code is kept so that it stays its."""


def _span(code: CodeType, instruction: int) -> Span | None:
    kept = _spans.get(id(code))
    if kept is None:
        if len(_spans) >= MAX_CODES:
            _spans.clear()
        kept = _spans[id(code)] = (code, {})
    spans = kept[1]
    if instruction not in spans:
        position = next(islice(code.co_positions(), instruction // 2, None), ())
        # Without positions (``-X no_debug_ranges``) all but the line is None.
        known = [number for number in position if number is not None]
        is_known = len(known) > 3
        spans[instruction] = Span(known[0], known[2], known[1], known[3]) if is_known else None
    return spans[instruction]
