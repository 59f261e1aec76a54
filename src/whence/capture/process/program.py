"""What this process runs: its name and the attributes of its activity."""

from __future__ import annotations

import os
import sys

from whence.capture.masked import masked

_SPAWNED = "from multiprocessing.spawn import spawn_main"
_SERVER = "from multiprocessing.forkserver import main"
_TRACKERS = ("resource_tracker import main", "loky.backend.resource_tracker")
_WITH_VALUE = "WX"


def is_helper() -> bool:
    """Whether this is a housekeeping process of multiprocessing, where no code of the user runs."""
    return any(tracker in word for word in sys.orig_argv[1:4] for tracker in _TRACKERS)


def program_words() -> list[str]:
    """The command line after the interpreter's flags: script (or ``-m``, ``-c``) and arguments."""
    words = sys.orig_argv[1:]
    while words and words[0].startswith("-") and words[0] != "-":
        word = words[0]
        for place, letter in enumerate(word[1:], 1):
            if letter in "mc":
                argument = [word[place + 1 :]] if word[place + 1 :] else []
                return [f"-{letter}", *argument, *words[1:]]
            if letter in _WITH_VALUE:
                words = words[1:] if word[place + 1 :] else words[2:]
                break
        else:
            words = words[2:] if word == "--check-hash-based-pycs" else words[1:]
    return words


def script_path() -> str | None:
    """The script that the interpreter was given, or None for ``-m``, ``-c`` and standard input."""
    words = program_words()
    return words[0] if words and not words[0].startswith("-") else None


def process_name() -> str:
    """What a process is called: its script or module."""
    words = program_words()
    if not words:
        return "python"
    if words[0] == "-c":
        code = words[1] if len(words) > 1 else ""
        if code.startswith(_SPAWNED):
            return "multiprocessing spawn"
        return "multiprocessing forkserver" if code.startswith(_SERVER) else "-c"
    if words[0] == "-m":
        return words[1] if len(words) > 1 else "-m"
    return os.path.basename(words[0].rstrip("/")) or words[0]


def describe_process() -> dict[str, object]:
    """The attributes of this process's activity: command line as given, folder, interpreter."""
    return {
        "command": masked(["python", *sys.orig_argv[1:]]),
        "cwd": _working_folder(),
        "executable": sys.executable,
        "python": sys.version.partition(" ")[0],
        "pid": os.getpid(),
        "host": os.uname().nodename,
    }


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""
