"""Scripts that others wrote, with labels of ours: fetched by digest, run under whence, scored."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin
from urllib.request import urlopen

from benchmarks.peer import FOLDER, Peer, PeerUnavailableError, environment

LABELS = Path(__file__).parent / "flow_labels" / "sklearn-1.9.1.json"
ROOT = Path(__file__).parents[1]
PEER = Peer(
    "sklearn-examples",
    ("scikit-learn==1.9.1", "pandas==3.1.*", "matplotlib==3.11.*", "polars", "-e", str(ROOT)),
)
TOLERANCE = 3
LIMIT_S = 300


class Edge(NamedTuple):
    """One edge at the level of call sites: lines of the same file."""

    source: str
    source_line: int
    sink: str
    cls: str
    sink_line: int

    def matches(self, other: Edge) -> bool:
        return (
            (self.sink, self.cls) == (other.sink, other.cls)
            and abs(self.source_line - other.source_line) <= TOLERANCE
            and abs(self.sink_line - other.sink_line) <= TOLERANCE
        )


class Script(NamedTuple):
    path: Path
    stratum: str
    develop: bool
    labels: tuple[Edge, ...]


class Counts(NamedTuple):
    """What was found of one script: right, wrong, missed, and missed without a word."""

    right: int
    wrong: int
    missed: int
    silent: int


def scripts() -> list[Script]:
    """The labelled scripts. Raises PeerUnavailableError when the archive can't be fetched."""
    if not LABELS.exists():
        raise PeerUnavailableError(f"no labels yet: {LABELS.name} is still to be written by hand")
    labels = json.loads(LABELS.read_text())
    folder = _unpacked(labels["corpus"])
    return [
        Script(
            folder / one["path"],
            one["stratum"],
            one["develop"],
            tuple(
                Edge(
                    e["source"]["call"], e["source"]["line"], e["sink"]["call"],
                    e["sink"].get("class", ""), e["sink"]["line"],
                )
                for e in one["edges"]
            ),
        )
        for one in labels["scripts"]
    ]  # fmt: skip


def _unpacked(corpus: dict[str, str]) -> Path:
    folder = FOLDER / corpus["archive"].removesuffix(".tar.gz")
    if not folder.exists():
        given = os.environ.get("WHENCE_CORPUS")
        data = Path(given).read_bytes() if given else _fetched(corpus)
        if hashlib.sha256(data).hexdigest() != corpus["sha256"]:
            raise PeerUnavailableError(f"{corpus['archive']} has other bytes than expected")
        FOLDER.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            with tarfile.open(file.name) as archive:
                members = [m for m in archive.getmembers() if "/examples/" in m.name]
                archive.extractall(FOLDER, members, filter="data")
    return folder


def _fetched(corpus: dict[str, str]) -> bytes:
    """The archive from the package index that pip uses."""
    index = os.environ.get("PIP_INDEX_URL")
    if not index:
        from pip._internal.models.index import PyPI

        index = PyPI.simple_url
    page = f"{index.rstrip('/')}/{corpus['package']}/"
    try:
        with urlopen(page, timeout=60) as reply:
            links = re.findall(r'href="([^"]+)"', reply.read().decode())
        link = next(one for one in links if corpus["archive"] in one)
        with urlopen(urljoin(page, link), timeout=300) as reply:
            return bytes(reply.read())
    except (OSError, StopIteration) as error:
        raise PeerUnavailableError(f"{corpus['archive']} can't be fetched: {error}") from error


def run_recorded(script: Path, store: Path, limit_s: int = LIMIT_S) -> str | None:
    """Run a script under whence into ``store``; why it failed, or None."""
    binary = Path(environment(PEER)).parent / "whence"
    command = [str(binary), "run", "--store", str(store), str(script)]
    return _run(command, store.parent, limit_s)


def _run(command: Sequence[str], cwd: Path, limit_s: int) -> str | None:
    variables = {**os.environ, "MPLBACKEND": "Agg"}
    try:
        done = subprocess.run(
            command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=limit_s
        )
    except subprocess.TimeoutExpired:
        return f"took over {limit_s} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no message"])[-1][:200]
    return None


def score(labels: Iterable[Edge], found: Iterable[Edge], told: Iterable[int]) -> Counts:
    """Found edges against labels, one to one; ``told`` are lines of sinks that a gap names."""
    waiting, lines = list(dict.fromkeys(found)), set(told)
    right = missed = silent = 0
    for label in labels:
        match = next((edge for edge in waiting if label.matches(edge)), None)
        if match is not None:
            waiting.remove(match)
            right += 1
        else:
            missed += 1
            silent += not any(abs(label.sink_line - line) <= TOLERANCE for line in lines)
    return Counts(right, len(waiting), missed, silent)


def precision(counts: Iterable[Counts]) -> float:
    right, wrong, _, _ = (sum(column) for column in zip(*counts, strict=True))
    return right / (right + wrong) if right + wrong else 1.0


def recall(counts: Iterable[Counts]) -> float:
    right, _, missed, _ = (sum(column) for column in zip(*counts, strict=True))
    return right / (right + missed) if right + missed else 1.0


def interval(
    counts: Sequence[Counts], of: Callable[[Iterable[Counts]], float], repeats: int = 2000
) -> tuple[float, float]:
    """The 95 % interval of a score over scripts drawn with replacement, always the same draws."""
    draw = random.Random(0)
    scores = sorted(of(draw.choices(counts, k=len(counts))) for _ in range(repeats))
    return scores[int(repeats * 0.025)], scores[int(repeats * 0.975)]


def told_lines(gaps: Iterable[Any], file: str) -> list[int]:
    """The lines of ``file`` that gaps of the flow name."""
    pattern = re.compile(re.escape(file) + r":(\d+)")
    return [int(line) for gap in gaps for line in pattern.findall(gap.detail)]
