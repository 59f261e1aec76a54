"""A server that wants to know who is there."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Served, serving

pytestmark = pytest.mark.e2e


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def closed(whence: Path, home: Path, tmp_path: Path) -> Iterator[Served]:
    command = [whence, "server", "--home", home, "--port", "0", "--auth", "on"]
    with serving([str(word) for word in command], tmp_path) as server:
        yield server


def _token(whence: Path, home: Path, project: str) -> str:
    command = [whence, "token", "create", "me", "--project", project, "--scope", "read"]
    done = subprocess.run([*command, "--home", home], capture_output=True, text=True, check=True)
    return next(word for word in done.stdout.split() if word.startswith("wh_"))


def test_a_token_opens_its_project_and_no_other(
    page: Page, whence: Path, home: Path, closed: Served
) -> None:
    token = _token(whence, home, "ours")
    _token(whence, home, "theirs")
    page.goto(closed.url)
    field = page.get_by_label("Token")
    field.fill("wh_wrong_token")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    field.fill(token)
    field.press("Enter")
    expect(page.get_by_text("ours").first).to_be_visible()
    expect(page.get_by_text("theirs")).to_have_count(0)
    page.goto(f"{closed.url}/p/theirs/runs")
    expect(page.get_by_text("There is nothing at this address")).to_be_visible()


def test_the_token_is_nowhere_that_a_script_can_read(
    page: Page, whence: Path, home: Path, closed: Served
) -> None:
    token = _token(whence, home, "ours")
    page.goto(closed.url)
    page.get_by_label("Token").fill(token)
    page.get_by_label("Token").press("Enter")
    expect(page.get_by_text("ours").first).to_be_visible()
    kept = page.evaluate(
        "document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
    )
    assert token not in kept
    assert "whence_session" not in kept
