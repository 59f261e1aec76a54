"""A real server to send to, in a process of its own; and segments to send."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.support.program import environment
from whence.journal.home import complete_store
from whence.journal.layout import open_segments, sealed_segments
from whence.journal.seal import read_bytes

PATIENCE_S = 60.0


class ServerProcess:
    """``whence server`` over ``home``; one that was ended or killed starts again at its port."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self._options = home, options
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def url(self, project: str = "demo") -> str:
        """The address of a project, which is made if it is not there."""
        folder = self.folder(project)
        complete_store(str(folder))
        return f"http://127.0.0.1:{self.port}/projects/{project}"

    def folder(self, project: str = "demo") -> Path:
        return self.home / "projects" / project

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, **extra: str) -> ServerProcess:
        command = [
            sys.executable, "-m", "whence", "server", "--home", str(self.home),
            "--port", str(self.port), "--rate", "0", *self._options,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=environment(**extra)
        )
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("Whence serves"):
                self.port = int(line.partition("://")[2].split()[0].rpartition(":")[2].strip("/"))
                self._drain()
                return self
        raise AssertionError(f"the server did not start: exit code {self.process.wait()}")

    def _drain(self) -> None:
        """Have what it logs read, so that it never waits for us."""
        assert self.process is not None
        assert self.process.stderr is not None
        log = open(self.home / "server.log", "ab")  # noqa: SIM115  # the drain has it
        with log:
            subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=log, stderr=log)
        self.process.stderr.close()

    def kill(self) -> None:
        """End it without a word, as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Have it hang: connections are taken by the system, and nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(how)
            process.wait(PATIENCE_S)

    def __enter__(self) -> ServerProcess:
        return self.start() if self.process is None else self

    def __exit__(self, *_: object) -> None:
        self.stop()


def held_in(store: Path) -> dict[str, str]:
    """Every segment of a store, with the SHA-256 of its bytes, whether sealed or not."""
    found: dict[str, str] = {}
    for file in [*open_segments(store), *sealed_segments(store)]:
        name = f"{file.run.hex()}.{file.segment.hex()}"
        assert name not in found, f"{name} is there twice"
        found[name] = sha256(read_bytes(file)).hexdigest()
    return found


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def free_of_whence() -> None:
    """Take the variables of whoever runs the tests out of this process."""
    for name in [name for name in os.environ if name.startswith("WHENCE")]:
        del os.environ[name]
