"""JupyterLab with the installed wheel: a server for all tests, a store and kernels for each."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

from tests.e2e.conftest import BUILT, ROOT
from tests.support.browser import Served
from tests.support.lab import Lab, lab_in, write_bare_kernel


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What JupyterLab serves: the example notebook with its data, and room for more."""
    folder = tmp_path_factory.mktemp("lab") / "work"
    shutil.copytree(ROOT / "examples" / "notebook", folder)
    subprocess.run([sys.executable, "make_customers.py"], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def jupyter(whence: Path, lab_folder: Path) -> Iterator[Served]:
    """JupyterLab of the wheel's environment."""
    if not (BUILT / "bin" / "jupyter").exists():
        pytest.fail("JupyterLab is not in build/e2e. Run: make e2e")
    home = lab_folder.parent / "home"
    write_bare_kernel(home, BUILT / "bin")
    with lab_in(lab_folder, home, BUILT / "bin") as served:
        yield served


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in which the panel may not complain, and which asks no other host.

    JupyterLab complains by itself, of a kernel that was killed for example: that is not ours.
    """
    found = context.new_page()
    complaints: list[str] = []
    strangers: list[str] = []

    def said(message: ConsoleMessage) -> None:
        is_ours = "@whence" in message.location.get("url", "") or "whence" in message.text.lower()
        if message.type == "error" and is_ours and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def threw(error: Error) -> None:
        if "@whence" in (error.stack or ""):
            complaints.append(str(error))

    def asked(sent: Request) -> None:
        parts = urlsplit(sent.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            strangers.append(sent.url)

    found.on("console", said)
    found.on("pageerror", threw)
    found.on("request", asked)
    yield found
    assert complaints == []
    assert strangers == []


@pytest.fixture
def folder(lab_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own, which JupyterLab serves."""
    own = lab_folder / request.node.name
    own.mkdir()
    return own


@pytest.fixture
def lab(page: Page, jupyter: Served) -> Iterator[Lab]:
    """JupyterLab in a page; its kernels end with the test."""
    found = Lab(page, jupyter)
    yield found
    found.shut_down()


@pytest.fixture
def example(lab_folder: Path, folder: Path) -> str:
    """The example notebook with its data, in a folder of its own; its path for JupyterLab."""
    for name in ("churn.ipynb", "customers.csv"):
        shutil.copy(lab_folder / name, folder / name)
    return f"{folder.name}/churn.ipynb"


@pytest.fixture(scope="session")
def lab_shot(shot: Callable[[Page, str], None]) -> Callable[[Lab, str], None]:
    """Keep a picture of JupyterLab under a name, in both of its themes."""

    def taken(lab: Lab, name: str) -> None:
        for theme, word in (("JupyterLab Dark", "dark"), ("JupyterLab Light", "light")):
            lab.theme(theme)
            shot(lab.page, f"lab-{name}-{word}")

    return taken
