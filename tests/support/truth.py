"""Asking from the outside: real runs of real scripts, and answers as exact sets of words.

A `Project` is a folder in which scripts are run by ``whence run`` and questions asked by
``whence ... --json``. `facts` turns an answer into a set of (source, relation, target, known), with
names for ids, so that a test can say all that an answer says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import pytest

from tests.support.program import environment, wait_for_companions

SETUP = frozenset({"environment", "commit", "diff", "person", "software", "code"})
"""The kinds that say in what a run ran; the same in all that is asked here."""

LIVE = frozenset({"frame", "array", "column", "model"})
"""The kinds of objects in a program's memory; a model may be a file too."""

Fact = tuple[str, str, str, str]
PATIENCE_S = 180


class Ran(NamedTuple):
    """What a program showed."""

    code: int
    out: str
    err: str


class Asked(NamedTuple):
    """What a command of ``whence`` showed."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The JSON that was printed."""
        assert self.out, self.err
        return json.loads(self.out)


def shared(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Project], object]
) -> Project:
    """The project that ``build`` makes once, also for several workers of pytest-xdist.

    Tests that share it only ask.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    project, built = Project(base / "truth" / name), base / "truth" / f"{name}.built"
    built.parent.mkdir(exist_ok=True)
    with open(base / "truth" / f"{name}.lock", "w") as lock:
        flock(lock, LOCK_EX)
        if not built.exists():
            build(project)
            built.touch()
    return project


class Project:
    """A folder with scripts, data and a store of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str | bytes) -> Path:
        """Put a file there by hand: no run sees its writing."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def script(self, name: str, program: str) -> str:
        """Put a script there; its name. No two have the same bytes: each says what it is called."""
        self.write(name, f"{dedent(program)}\n# {name}\n")
        return name

    def run(
        self,
        name: str,
        program: str | None = None,
        *arguments: str,
        code: int | None = 0,
        **env: str,
    ) -> Ran:
        """Run ``program`` as script ``name`` (or the script that is there), named by its stem.

        ``code`` is the exit code it must have; None for any.
        """
        if program is not None:
            self.script(name, program)
        called = name.rpartition("/")[2].removesuffix(".py")
        return self.whence_run("--name", called, name, *arguments, code=code, **env)

    def whence_run(self, *words: str, code: int | None = 0, **env: str) -> Ran:
        """``whence run`` with those words; back when the companion is done too."""
        done = subprocess.run(
            [sys.executable, "-m", "whence", "run", *words], cwd=self.root, capture_output=True,
            timeout=PATIENCE_S, check=False, env=environment(**env),
        )  # fmt: skip
        ran = Ran(done.returncode, _text(done.stdout), _text(done.stderr))
        assert code is None or ran.code == code, ran
        wait_for_companions(self.root / ".whence")
        return ran

    def start(self, name: str, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin a run, with pipes for its input and output."""
        self.script(name, program)
        called = name.removesuffix(".py")
        return subprocess.Popen(
            [sys.executable, "-m", "whence", "run", "--name", called, name, *arguments],
            cwd=self.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(),
        )  # fmt: skip

    def shell(self, command: str) -> None:
        """Run a command that nobody watches."""
        subprocess.run(["sh", "-c", command], cwd=self.root, check=True, timeout=PATIENCE_S)

    def ask(self, *words: str) -> Asked:
        """``whence`` with those words."""
        done = subprocess.run(
            [sys.executable, "-m", "whence", *words], cwd=self.root, capture_output=True,
            timeout=PATIENCE_S, check=False, env=environment(),
        )  # fmt: skip
        return Asked(done.returncode, _text(done.stdout), _text(done.stderr))

    def json(self, *words: str) -> Any:
        """The answer to a question that must have one."""
        return self.ask(*words, "--json").answer

    def trace(self, *words: str) -> set[Fact]:
        return facts(self.json("trace", *words))

    def impact(self, *words: str) -> set[Fact]:
        return facts(self.json("impact", *words))

    def why(self, *words: str) -> set[Fact]:
        return facts(self.json("why", *words))

    def runs(self) -> dict[str, Any]:
        """The runs by name; of several with one name, the latest."""
        listed = self.json("log", "--limit", "0")["nodes"]
        return {node["name"]: node for node in reversed(listed)}


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def version(name: str, content: str | bytes) -> str:
    """How `facts` calls a file when an answer has several of that name."""
    raw = content if isinstance(content, bytes) else content.encode()
    return f"{name}~{sha256(raw).hexdigest()[:6]}"


def named(answer: Any) -> dict[str, str]:
    """A name for each node: its own; with the start of its digest where several share it; numbered
    by id, the earliest first, where these are the same too."""
    by_name: dict[str, list[Any]] = defaultdict(list)
    for node in answer["nodes"]:
        in_memory = node["type"] == "entity" and not node["places"] and node["kind"] in LIVE
        by_name[f"{node['name']} in memory" if in_memory else node["name"]].append(node)
    names: dict[str, str] = {}
    for name, nodes in by_name.items():
        if len(nodes) == 1:
            names[nodes[0]["id"]] = name
            continue
        by_digest: dict[str, list[Any]] = defaultdict(list)
        for node in nodes:
            digest = (node["digest"] or "").removeprefix("sha256:")[:6]
            by_digest[f"{name}~{digest}" if digest else name].append(node)
        for label, alike in by_digest.items():
            for at, node in enumerate(sorted(alike, key=lambda n: n["id"]), 1):
                names[node["id"]] = label if len(alike) == 1 else f"{label}#{at}"
    return names


def facts(answer: Any, without: Collection[str] = SETUP) -> set[Fact]:
    """All edges between nodes that are not of the kinds ``without``."""
    names = named(answer)
    left_out = {node["id"] for node in answer["nodes"] if node["kind"] in without}
    return {
        (names[edge["source"]], edge["relation"], names[edge["target"]], edge["known"])
        for edge in answer["edges"]
        if edge["source"] not in left_out and edge["target"] not in left_out
    }


def names_of(answer: Any, kinds: Iterable[str] = ()) -> set[str]:
    """The names of the nodes, of those kinds or of all but the kinds of `SETUP`."""
    wanted = set(kinds)
    names = named(answer)
    return {
        names[node["id"]]
        for node in answer["nodes"]
        if (node["kind"] in wanted if wanted else node["kind"] not in SETUP)
    }


def gaps_of(answer: Any) -> dict[str, int]:
    """The gaps by code."""
    counts: dict[str, int] = defaultdict(int)
    for gap in answer["completeness"]["gaps"]:
        counts[gap["code"]] += gap["count"]
    return dict(counts)


def used(run: str, *files: str, known: str = "observed") -> set[Fact]:
    """``run used file`` for each."""
    return {(run, "used", file, known) for file in files}


def made(run: str, *files: str, known: str = "observed") -> set[Fact]:
    """``file wasGeneratedBy run`` for each."""
    return {(file, "wasGeneratedBy", run, known) for file in files}


def part(whole: str, *parts: str) -> set[Fact]:
    """``part partOf whole`` for each."""
    return {(one, "partOf", whole, "observed") for one in parts}


def revised(new: str, old: str) -> set[Fact]:
    return {(new, "wasRevisionOf", old, "observed")}


def alike(found: str, *origins: str) -> set[Fact]:
    """The same bytes: ``found`` may come from each of ``origins``."""
    return {(found, "alternateOf", origin, "inferred") for origin in origins}
