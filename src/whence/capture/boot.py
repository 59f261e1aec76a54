"""The boot of capture in a Python process, loaded by ``whence.pth`` when ``WHENCE_RUN`` is set.

It runs while the interpreter loads ``site``, before the program. Whatever goes wrong here, the
program runs; it then runs unrecorded.
"""

from __future__ import annotations

import os

from whence._base import lean

_was_lean = lean.load_core()
try:
    from whence.capture.guard import guarded
    from whence.capture.process.joining import join, leave_unrecorded

    with guarded("child-unreached", "the start of recording", on_failure=leave_unrecorded):
        join(os.environ)
finally:
    if _was_lean:
        lean.restore()
