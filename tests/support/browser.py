"""A browser of the system, and servers for it to look at."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_URL = re.compile(r"http://127\.0\.0\.1:\d+")
PATIENCE_S = 60
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"


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


def runs_of(page: Page, served: Served, project: str = "local") -> list[dict[str, Any]]:
    """The newest runs as the server tells them."""
    answer = page.request.get(f"{served.url}/api/v1/projects/{project}/runs").json()
    runs: list[dict[str, Any]] = answer["items"]
    return runs


def run_named(page: Page, served: Served, name: str) -> str:
    """The id of the newest run of that name."""
    found: str = next(run["id"] for run in runs_of(page, served) if run["name"] == name)
    return found


def settled(page: Page) -> None:
    """Wait until nothing is on its way any more; nothing may have failed."""
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    expect(page.get_by_text("Laying out")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def axe_complaints(page: Page) -> list[str]:
    """What axe finds wrong on the page, a line each."""
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]
    ]
