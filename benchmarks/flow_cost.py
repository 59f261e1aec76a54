"""What watching data and models costs: examples of scikit-learn, beside the core alone.

The core alone records files, code, processes and the environment; the observers are off.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus, peer
from benchmarks.cost import companion_cpu_s, cost, wait_for_companions
from benchmarks.peer import PeerUnavailableError
from benchmarks.row import Row

NAME = "watching data and models, beside the core alone"
SCRIPTS, QUICK = 40, 8
REPEATS = 3
LONGEST_S = 20.0
"""Longer scripts are left out: they say as little as a loop of one matrix product."""

ALONE = '[observers]\noff = ["*"]\n'


class Pair(NamedTuple):
    """CPU of a script's process and of the companion, recorded in full and by the core alone."""

    whole_s: float
    core_s: float
    whole_companion_s: float
    core_companion_s: float


def run(quick: bool) -> list[Row]:
    try:
        scripts = corpus.scripts()
        whence = Path(peer.environment(corpus.PEER)).parent / "whence"
    except PeerUnavailableError as error:
        return [Row(what=NAME, measured="", floor=str(error), ratio=None, bar="", ok=None)]
    order = sorted(script.path for script in scripts)
    random.Random(0).shuffle(order)
    found: list[Pair] = []
    for path in order:
        if len(found) < (QUICK if quick else SCRIPTS):
            pair = _pair(path, whence, 1 if quick else REPEATS)
            if pair is not None:
                found.append(pair)
    return _rows(found)


def _rows(found: list[Pair]) -> list[Row]:
    program = sum(p.whole_s for p in found), sum(p.core_s for p in found)
    beside = sum(p.whole_companion_s for p in found), sum(p.core_companion_s for p in found)
    ratio = (program[0] + beside[0]) / (program[1] + beside[1])
    return [
        Row(
            what=f"{len(found)} examples of scikit-learn: CPU of the program and its companion",
            measured=f"{program[0]:.1f} + {beside[0]:.1f} s",
            floor=f"the core alone: {program[1]:.1f} + {beside[1]:.1f} s, paired",
            ratio=ratio, bar="at most 1.02 times", ok=ratio <= 1.02,
        )
    ]  # fmt: skip


def _pair(script: Path, whence: Path, repeats: int) -> Pair | None:
    """The least of ``repeats`` pairs; None for a script that fails or is too long."""
    with tempfile.TemporaryDirectory() as folder:
        whole, core = Path(folder, "whole"), Path(folder, "core")
        for place in (whole, core):
            (place / ".whence").mkdir(parents=True, mode=0o700)
        (core / ".whence" / "config.toml").write_text(ALONE)
        try:
            if _once(script, whence, core)[0] > LONGEST_S:
                return None
            _once(script, whence, whole)
            pairs = []
            for turn in range(repeats):
                for place in (whole, core) if turn % 2 else (core, whole):
                    pairs += [(place, *_once(script, whence, place))]
        except subprocess.CalledProcessError:
            print(f"  {script.name} fails", file=sys.stderr)
            return None
    return Pair(*(
        min(pair[column] for pair in pairs if pair[0] is place)
        for column in (1, 2) for place in (whole, core)
    ))  # fmt: skip


def _once(script: Path, whence: Path, folder: Path) -> tuple[float, float]:
    spent = cost([str(whence), "run", str(script)], folder)
    wait_for_companions(folder)
    return spent.cpu_s, companion_cpu_s(folder)
