"""A browser of the system, and servers for it to look at."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_URL = re.compile(r"http://127\.0\.0\.1:\d+")
PATIENCE_S = 60


def chromium() -> str:
    """Where the system's Chromium lies; the test fails where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("Chromium is not installed. On Debian: apt-get install chromium")


@dataclass(frozen=True)
class Served:
    """A server that runs: where it is asked, and its process."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[Served]:
    """The server that ``command`` starts in ``folder``, once it has said where it listens."""
    process = subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if _URL.search(line):
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert ready.wait(PATIENCE_S), "".join(said)
        found = _URL.search("".join(said))
        assert found is not None, "".join(said)
        yield Served(found.group(), process)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
