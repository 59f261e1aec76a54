"""What a program costs: its CPU and wall time, with nothing of ours at work beside it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """CPU and wall time of a process, in seconds."""

    cpu_s: float
    wall_s: float


def whence() -> str:
    return os.path.join(os.path.dirname(sys.executable), "whence")


def environment() -> dict[str, str]:
    """As users have it: no store named, and compiled modules are kept."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("WHENCE")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**own, "MPLBACKEND": "Agg"}


def cost(command: list[str], folder: Path) -> Cost:
    """The cost of the command's own process and of children that it waited for."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, check=True)
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu_s, wall_s)


def wait_for_companions(folder: Path) -> None:
    """Wait until nothing works for the store any more: it must not burden the next measurement."""
    store = os.fsencode(folder / ".whence")
    while any(store in command for command in _commands()):
        time.sleep(0.05)


def _commands() -> list[bytes]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                found.append(Path("/proc", name, "cmdline").read_bytes())
            except OSError:
                continue
    return found


def companion_cpu_s(folder: Path) -> float:
    """What the companion of the last run used, as it notes it itself at its end."""
    lines = (folder / ".whence" / "cache" / "companion.json").read_text().splitlines()
    return float(json.loads(lines[-1])["cpu_s"])
