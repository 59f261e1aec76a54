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

from benchmarks import peer
from benchmarks.cost import environment
from benchmarks.peer import FOLDER, Peer, PeerUnavailableError
from whence.query.flow import FlowEdge

LABELS = Path(__file__).parent / "flow_labels" / "sklearn-1.9.1.json"
ROOT = Path(__file__).parents[1]
PEER = Peer(
    "sklearn-examples",
    (
        "scikit-learn==1.9.1",
        "pandas==3.1.*",
        "matplotlib==3.11.*",
        "seaborn",
        "polars",
        "-e",
        str(ROOT),
    ),
)
TOLERANCE = 3
LIMIT_S = 300


class Edge(NamedTuple):
    """One edge at the level of call sites: lines of the same file.

    A label is ``optional`` where readers may differ: it counts neither for nor against.
    """

    source: str
    source_line: int
    sink: str
    cls: str
    sink_line: int
    role: str = "train"
    optional: bool = False

    def matches(self, other: Edge) -> bool:
        return (
            (self.sink, self.cls) == (other.sink, other.cls)
            and abs(self.source_line - other.source_line) <= TOLERANCE
            and abs(self.sink_line - other.sink_line) <= TOLERANCE
        )

    def distance(self, other: Edge) -> int:
        """How far apart two matching edges stand, to pair those that belong together."""
        apart = abs(self.source_line - other.source_line) + abs(self.sink_line - other.sink_line)
        return 2 * apart + (self.source != other.source.rpartition(".")[2])


class Script(NamedTuple):
    path: Path
    stratum: str
    develop: bool
    labels: tuple[Edge, ...]


class Counts(NamedTuple):
    """What was found of one script: right, wrong, missed, and missed without a word.

    ``in_role`` are those of the right ones whose role is right too.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0
    silent: int = 0
    in_role: int = 0


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
            tuple(map(_label, one["edges"])),
        )
        for one in labels["scripts"]
    ]


def _label(edge: dict[str, Any]) -> Edge:
    source, sink = edge["source"], edge["sink"]
    return Edge(
        source["call"], source["line"], sink["call"], sink.get("class", ""), sink["line"],
        edge["role"], edge.get("optional", False),
    )  # fmt: skip


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
    binary = Path(peer.environment(PEER)).parent / "whence"
    command = [str(binary), "run", "--store", str(store), str(script)]
    return _run(command, store.parent, limit_s)


def _run(command: Sequence[str], cwd: Path, limit_s: int) -> str | None:
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=limit_s
        )
    except subprocess.TimeoutExpired:
        return f"took over {limit_s} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no message"])[-1][:200]
    return None


def as_edge(edge: FlowEdge) -> Edge:
    sink = edge.sink
    return Edge(edge.source.call, edge.source.line, sink.call, sink.class_, sink.line, edge.role)


def score(labels: Iterable[Edge], found: Iterable[Edge], told: Iterable[int]) -> Counts:
    """Found edges against labels, one to one; ``told`` are lines of sinks that a gap names."""
    pairs, missed, wrong = matched(labels, found)
    lines = set(told)
    silent = [
        label for label in missed
        if not any(abs(label.sink_line - line) <= TOLERANCE for line in lines)
    ]  # fmt: skip
    in_role = sum(label.role == edge.role for label, edge in pairs)
    return Counts(len(pairs), len(wrong), len(missed), len(silent), in_role)


def matched(
    labels: Iterable[Edge], found: Iterable[Edge]
) -> tuple[list[tuple[Edge, Edge]], list[Edge], list[Edge]]:
    """The pairs of label and edge, the labels that were missed, the edges that are wrong."""
    waiting = list(dict.fromkeys(found))
    pairs, missed = [], []
    for label in sorted(labels, key=lambda label: label.optional):
        near = [edge for edge in waiting if label.matches(edge)]
        match = min(near, key=label.distance, default=None)
        if match is not None:
            waiting.remove(match)
        if label.optional:
            continue
        if match is None:
            missed.append(label)
        else:
            pairs.append((label, match))
    return pairs, missed, waiting


def precision(counts: Iterable[Counts]) -> float:
    whole = total(counts)
    return whole.right / (whole.right + whole.wrong) if whole.right + whole.wrong else 1.0


def recall(counts: Iterable[Counts]) -> float:
    whole = total(counts)
    return whole.right / (whole.right + whole.missed) if whole.right + whole.missed else 1.0


def total(counts: Iterable[Counts]) -> Counts:
    return Counts(*(sum(column) for column in zip(Counts(), *counts, strict=True)))


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
