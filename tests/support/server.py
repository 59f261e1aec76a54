"""A real server process to ask, and stores for it to serve."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
_URL = re.compile(r"at (https?://\S+/)")


@dataclass
class RunningServer:
    """``client`` asks it; ``log`` are the lines it wrote to stderr by now."""

    url: str
    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: list[str] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        found = httpx.URL(self.url)
        assert found.port is not None
        return found.host, found.port

    def get(self, path: str, **query: object) -> httpx.Response:
        """The answer of a route below the project ``local``."""
        return self.client.get(f"/api/v1/projects/local/{path}", params=query)

    def resident_bytes(self) -> int:
        """The memory that the server has in use."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096

    def stop(self, sig: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(sig)
        return self.process.wait(PATIENCE_S)


@contextmanager
def serving(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> Iterator[RunningServer]:
    """``whence ARGUMENTS`` as a process, once it says where it listens; it is ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "whence", *arguments],
        cwd=cwd, env={**os.environ, **(env or {})}, stderr=subprocess.PIPE,
    )  # fmt: skip
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_listen, args=(process, lines, ready), daemon=True).start()
    try:
        assert ready.wait(PATIENCE_S), lines
        found = _URL.search("".join(lines))
        assert found is not None, lines
        with httpx.Client(base_url=found.group(1), timeout=PATIENCE_S, trust_env=False) as client:
            yield RunningServer(found.group(1), process, client, lines)
    finally:
        process.kill()
        process.wait()


def _listen(process: subprocess.Popen[bytes], lines: list[str], ready: threading.Event) -> None:
    """Take what the server says, so that it never waits for a reader."""
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            lines.append(line.decode())
            if _URL.search(lines[-1]):
                ready.set()
    ready.set()


def record_study(folder: Path, scripts: Sequence[Sequence[str]]) -> Path:
    """Run scripts of ``examples/`` under whence in a folder; their store."""
    folder.mkdir(parents=True, exist_ok=True)
    for script in (ROOT / "examples").glob("*.py"):
        shutil.copy(script, folder)
    for script in scripts:
        command = [sys.executable, "-m", "whence", "run", *script]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder / ".whence"
