"""Peers to measure beside: each in an environment of its own under ``benchmarks/.peers``.

A peer that can't be installed here is reported, with the reason, and never guessed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / ".peers"
INSTALL_LIMIT_S = 600
RUN_LIMIT_S = 900


class PeerUnavailableError(Exception):
    """The peer can't be had here; the message says why."""


class Peer(NamedTuple):
    """What a peer needs: the smallest set of packages that does the work measured."""

    name: str
    packages: tuple[str, ...]
    python: str = "3.11"


# The full package is not needed to log to SQLite: the client and what its store imports is enough.
MLFLOW = Peer("mlflow", ("mlflow-skinny==3.17.*", "sqlalchemy", "alembic"))
# The last version with queries of lineage; it has wheels up to Python 3.11.
MLMD = Peer("mlmd", ("ml-metadata==1.17.1",))


def ask(peer: Peer, script: str, *arguments: str) -> Any:
    """What ``script`` prints as JSON on its last line when the peer's Python runs it.

    Raises PeerUnavailableError when the peer can't be installed or its script fails.
    """
    python = environment(peer)
    try:
        done = subprocess.run(
            [python, "-c", script, *arguments], capture_output=True, text=True, timeout=RUN_LIMIT_S
        )
    except subprocess.TimeoutExpired as error:
        raise PeerUnavailableError(f"{peer.name} took over {RUN_LIMIT_S} s") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PeerUnavailableError(f"{peer.name} failed: {last[:200]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def environment(peer: Peer) -> str:
    """The peer's Python, installed when it is not there. Raises PeerUnavailableError."""
    folder = FOLDER / peer.name
    python, ready = folder / "bin" / "python", folder / ".ready"
    wanted = " ".join(peer.packages)
    if ready.exists() and ready.read_text() == wanted:
        return str(python)
    uv = shutil.which("uv") or str(FOLDER.parents[1] / ".uv" / "bin" / "uv")
    create = [uv, "venv", "--quiet", "--clear", "--python", peer.python, str(folder)]
    install = [uv, "pip", "install", "--quiet", "--python", str(python), *peer.packages]
    for command in (create, install):
        _run(peer, command)
    ready.write_text(wanted)
    return str(python)


def _run(peer: Peer, command: list[str]) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerUnavailableError(f"{peer.name} can't be installed here: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1].strip()
        raise PeerUnavailableError(f"{peer.name} can't be installed here: {last[:200]}")
