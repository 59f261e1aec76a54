"""What a recorded program notices: start and end, a real script, copying, hashing, the import."""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cost import Cost, companion_cpu_s, cost, environment, wait_for_companions, whence
from benchmarks.row import Row
from whence._base.digest import digest_descriptor

NAME = "what a recorded program notices, beside bare python"

NOTHING = "pass\n"
COPIES = """
import copy, sys, time
data = {"a": [1, 2, {"b": (3, 4)}] * 40}
def loop():
    began = time.process_time()
    for _ in range(40):
        copy.deepcopy(data)
        for x in range(1000):
            id(x)
    return time.process_time() - began
print(min(loop() for _ in range(int(sys.argv[1]))))
"""
SCIENCE = """
import sys, time
import numpy as np, pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rows, trees = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(0)
frame = pd.DataFrame(rng.normal(size=(rows, 20)), columns=[f"c{n}" for n in range(20)])
frame["y"] = (frame.c0 + frame.c1 > 0).astype(int)
frame.to_csv("data.csv", index=False)
frame = pd.read_csv("data.csv")
X, Z, y, z = train_test_split(frame.drop(columns="y"), frame.y, random_state=0)
for depth in (4, 8, 12):
    model = RandomForestClassifier(trees, max_depth=depth, random_state=0).fit(X, y)
    print(model.score(Z, z))
print(LogisticRegression().fit(X, y).score(Z, z))
"""
MODULES = (
    "import sys; before = set(sys.modules); import whence; print(len(set(sys.modules) - before))"
)


def run(quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix=".bench-") as folder:
        return [
            *_empty(Path(folder), 7 if quick else 25),
            _science(Path(folder), 2 if quick else 7),
            _copies(Path(folder), 3 if quick else 10),
            _hashing(Path(folder), (128 if quick else 1024) << 20),
            *_import(7 if quick else 25),
        ]


def _empty(folder: Path, repeats: int) -> list[Row]:
    """A script that does nothing. The first recorded run fills the caches and is not counted."""
    bare, ours = _pairs(folder, NOTHING, [], repeats)
    cpu_s = min(c.cpu_s for c in ours) - min(c.cpu_s for c in bare)
    wall_s = statistics.median(o.wall_s - b.wall_s for o, b in zip(ours, bare, strict=True))
    least_s = min(c.wall_s for c in ours) - min(c.wall_s for c in bare)
    companion_s = companion_cpu_s(folder)
    return [
        Row(
            what="whence run on an empty script: CPU in the user's process",
            measured=f"+{cpu_s * 1000:.0f} ms",
            floor=f"bare python: {min(c.cpu_s for c in bare) * 1000:.0f} ms",
            ratio=None,
            bar="at most +100 ms",
            ok=cpu_s <= 0.100,
        ),
        Row(
            what="whence run on an empty script: wall",
            measured=f"+{wall_s * 1000:.0f} ms median, +{least_s * 1000:.0f} ms least",
            floor=f"bare python: {min(c.wall_s for c in bare) * 1000:.0f} ms",
            ratio=None,
            bar="at most +200 ms",
            ok=wall_s <= 0.200,
        ),
        Row(
            what="whence run on an empty script: the companion's CPU beside it",
            measured=f"{companion_s * 1000:.0f} ms",
            floor="",
            ratio=None,
            bar="reported",
            ok=True,
        ),
    ]


def _science(folder: Path, repeats: int) -> Row:
    size = ["60000", "60"] if repeats > 3 else ["20000", "20"]
    return _ratio_row(
        "a pandas + scikit-learn script: wall", folder, SCIENCE, size, repeats, 1.02, "under 2 %"
    )


def _copies(folder: Path, repeats: int) -> Row:
    """The CPU time of the loop as it measures it itself: the least of many, in turns."""
    (folder / "copies.py").write_text(COPIES)
    words = ["copies.py", "60"]
    bare, ours = [], []
    for _ in range(repeats):
        bare.append(float(_output([sys.executable, *words], folder)))
        ours.append(float(_output([whence(), "run", *words], folder)))
        wait_for_companions(folder)
    bare_s, ours_s = min(bare), min(ours)
    return Row(
        what="a loop of deepcopy and id()",
        measured=f"{ours_s * 1000:.1f} ms CPU",
        floor=f"bare python: {bare_s * 1000:.1f} ms CPU",
        ratio=ours_s / bare_s,
        bar="at most 1.02 times",
        ok=ours_s / bare_s <= 1.02,
    )


def _ratio_row(
    what: str, folder: Path, source: str, words: list[str], repeats: int, bar: float, text: str
) -> Row:
    """Paired runs: the median of the ratios of each pair."""
    bare, ours = _pairs(folder, source, words, repeats)
    ratio = statistics.median(o.wall_s / b.wall_s for o, b in zip(ours, bare, strict=True))
    return Row(
        what=what,
        measured=f"{statistics.median(c.wall_s for c in ours):.2f} s",
        floor=f"bare python: {statistics.median(c.wall_s for c in bare):.2f} s, paired",
        ratio=ratio,
        bar=text,
        ok=ratio < bar,
    )


def _hashing(folder: Path, size: int) -> Row:
    path = folder / "large.bin"
    with open(path, "wb") as f:
        block = os.urandom(1 << 20)
        for _ in range(size >> 20):
            f.write(block)
    floors, ours = [], []
    for _ in range(3):
        began = time.perf_counter()
        with open(path, "rb") as f:
            hashlib.file_digest(f, "sha256").digest()
        floors.append(time.perf_counter() - began)
        began = time.perf_counter()
        fd = os.open(path, os.O_RDONLY)
        digest_descriptor(fd)
        os.close(fd)
        ours.append(time.perf_counter() - began)
    path.unlink()
    ratio = min(ours) / min(floors)
    return Row(
        what=f"hashing a file of {size >> 20} MiB",
        measured=f"{min(ours):.2f} s",
        floor=f"hashlib.file_digest: {min(floors):.2f} s",
        ratio=ratio,
        bar="at most 1.2 times",
        ok=ratio <= 1.2,
    )


def _import(repeats: int) -> list[Row]:
    bare = min(cost([sys.executable, "-c", "pass"], Path.cwd()).cpu_s for _ in range(repeats))
    ours = min(
        cost([sys.executable, "-c", "import whence"], Path.cwd()).cpu_s for _ in range(repeats)
    )
    modules = int(subprocess.check_output([sys.executable, "-c", MODULES]))
    return [
        Row(
            what="import whence: CPU",
            measured=f"{(ours - bare) * 1000:.0f} ms",
            floor=f"bare python: {bare * 1000:.0f} ms",
            ratio=None,
            bar="under 60 ms",
            ok=ours - bare < 0.060,
        ),
        Row(
            what="import whence: modules",
            measured=str(modules),
            floor="",
            ratio=None,
            bar="under 100",
            ok=modules < 100,
        ),
    ]


def _pairs(folder: Path, source: str, words: list[str], repeats: int) -> tuple[list[Cost], ...]:
    """The costs of running ``source`` plainly and recorded, one after the other, in pairs."""
    script = folder / "script.py"
    script.write_text(source)
    recorded = [whence(), "run", str(script), *words]
    cost(recorded, folder)
    wait_for_companions(folder)
    bare, ours = [], []
    for _ in range(repeats):
        bare.append(cost([sys.executable, str(script), *words], folder))
        ours.append(cost(recorded, folder))
        wait_for_companions(folder)
    return bare, ours


def _output(command: list[str], folder: Path) -> bytes:
    return subprocess.check_output(command, cwd=folder, env=environment())
