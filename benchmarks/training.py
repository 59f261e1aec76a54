"""What a torch loop notices of being recorded: 10,000 steps on the CPU, beside plain Python."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cost import environment, wait_for_companions, whence
from benchmarks.row import Row

NAME = "a torch training of 10,000 steps on the CPU, beside plain python"

LOOP = """
import sys, time
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

steps, size = int(sys.argv[1]), 32
torch.set_num_threads(1)
torch.manual_seed(0)
x = torch.randn(100 * size, 20)
loader = DataLoader(TensorDataset(x, (x.sum(1) > 0).float()), batch_size=size, shuffle=True)
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
loss_of = nn.BCEWithLogitsLoss()

def epochs(count):
    for _ in range(count):
        for features, target in loader:
            optimizer.zero_grad()
            loss = loss_of(model(features).squeeze(1), target)
            loss.backward()
            optimizer.step()

epochs(1)
began = time.process_time()
epochs(steps // len(loader))
print(time.process_time() - began)
"""
"""The loop measures its own CPU time: importing torch costs more than the loop would show."""

SHORT = LOOP.replace("100 * size", "size")
"""One step an epoch: what is done where an epoch begins and ends is done at each step."""


def run(quick: bool) -> list[Row]:
    if importlib.util.find_spec("torch") is None:
        return [Row(what=NAME, measured="", floor="torch is missing", ratio=None, bar="", ok=None)]
    steps, pairs = (2_000, 4) if quick else (10_000, 9)
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix=".bench-") as folder:
        return [
            _row(f"a torch loop of {steps} steps: CPU", LOOP, steps, pairs, Path(folder), 1.01),
            _row("the same with one step an epoch: CPU", SHORT, steps, pairs, Path(folder), None),
        ]


def _row(what: str, source: str, steps: int, pairs: int, folder: Path, bar: float | None) -> Row:
    """Paired runs in turns; the least of each, since what else runs here only adds."""
    (folder / "loop.py").write_text(source)
    words = ["loop.py", str(steps)]
    bare: list[float] = []
    ours: list[float] = []
    for turn in range(pairs):
        for recorded in (False, True) if turn % 2 else (True, False):
            if recorded:
                ours.append(_seconds([whence(), "run", *words], folder))
                wait_for_companions(folder)
            else:
                bare.append(_seconds([sys.executable, *words], folder))
    ratio = min(ours) / min(bare)
    median = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
    return Row(
        what=what,
        measured=f"{min(ours):.3f} s",
        floor=f"plain python: {min(bare):.3f} s; median of {pairs} pairs {median:.3f}",
        ratio=ratio,
        bar="reported" if bar is None else f"at most {bar} times",
        ok=bar is None or ratio <= bar,
    )


def _seconds(command: list[str], folder: Path) -> float:
    return float(subprocess.check_output(command, cwd=folder, env=environment()))
