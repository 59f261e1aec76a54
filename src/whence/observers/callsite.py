"""Where in the user's code a call was made: a walk out of the libraries' frames.

A frame is the user's, a library's (installed in a site-packages folder) or plumbing: the standard
library, generated code and Whence itself, which pass calls on and count as nobody's.
"""

from __future__ import annotations

import os
import site
import sysconfig
from types import FrameType
from typing import NamedTuple

HIDDEN = "<frozen importlib._bootstrap> whence"
"""The file name of our wrappers' code: `warnings` skips frames of such names when it counts."""

USER, LIBRARY, PLUMBING = 0, 1, 2


class CallSite(NamedTuple):
    """A line of the user's code. ``file`` is as the code object has it."""

    file: str
    line: int
    function: str


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
    """The line that a frame is at."""
    code = frame.f_code
    return CallSite(code.co_filename, frame.f_lineno or code.co_firstlineno, code.co_qualname)
