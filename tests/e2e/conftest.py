"""A browser before the installed wheel's server: what a person sees, on stores that runs made.

``make e2e`` builds the page and the wheel and installs it in an environment of its own. Every page
of every test has to stay silent in its console and ask no other host.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.browser import CHROMIUM_FLAGS, Served, chromium, serving
from tests.support.sweep import make_sweep

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "e2e"
SHOTS = BUILT / "shots"
expect.set_options(timeout=60_000)  # the machine may be busy


@pytest.fixture(scope="session")
def whence() -> Path:
    """The command of the wheel that is installed apart."""
    command = BUILT / "bin" / "whence"
    if not command.exists():
        pytest.fail(f"{command} is not there. Run: make e2e")
    return command


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the demo ran: four runs, two models, their tables."""
    folder = tmp_path_factory.mktemp("demo") / "project"
    script = ROOT / "examples" / "demo.sh"
    command = ["bash", str(script), str(Path(sys.executable).parent), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def served(whence: Path, demo: Path) -> Iterator[Served]:
    """``whence ui`` over the demo."""
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], demo) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A new window; a test sets its options by parametrizing ``context`` indirectly."""
    options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    options |= getattr(request, "param", {})
    found = browser.new_context(**options)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when it complains or asks another host."""
    found = context.new_page()
    complaints: list[str] = []
    strangers: list[str] = []

    def said(message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "Failed to load resource" not in text:
            complaints.append(text)

    def asked(sent: object) -> None:
        parts = urlsplit(getattr(sent, "url", ""))
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            strangers.append(parts.geturl())

    found.on("console", said)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("request", asked)
    yield found
    assert complaints == []
    assert strangers == []


@pytest.fixture(scope="session")
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of the page under a name, to be looked at."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)

    def taken(page: Page, name: str) -> None:
        page.screenshot(path=SHOTS / f"{name}.png")

    return taken


@pytest.fixture(scope="session")
def sweep_folder(whence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository where programs that declare runs were run, one until it was killed."""
    folder = tmp_path_factory.mktemp("sweep")
    make_sweep(folder, whence)
    return folder


@pytest.fixture(scope="session")
def sweep(whence: Path, sweep_folder: Path) -> Iterator[Served]:
    """``whence ui`` over the sweep."""
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], sweep_folder) as server:
        yield server
