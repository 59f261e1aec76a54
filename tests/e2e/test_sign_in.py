"""A server that wants to know who is there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.many_runs import write
from tests.support.browser import Served, axe_complaints, serving
from whence.journal.home import create_store

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


@pytest.fixture
def two_projects(home: Path) -> None:
    """Projects called ours, with three runs, and theirs, with five."""
    for name, runs in (("ours", 3), ("theirs", 5)):
        folder = create_store(home / "projects" / name)
        write(folder, 0, runs)


def _sign_in(page: Page, server: Served, token: str) -> None:
    page.goto(server.url)
    page.get_by_label("Token").fill(token)
    page.get_by_label("Token").press("Enter")


def test_who_reads_several_projects_goes_from_one_to_the_other(
    page: Page, whence: Path, home: Path, two_projects: None, closed: Served
) -> None:
    _sign_in(page, closed, _token(whence, home, "*"))
    projects = page.get_by_role("main").get_by_role("listitem")
    expect(projects).to_have_text([re.compile(r"ours\s*3 runs"), re.compile(r"theirs\s*5 runs")])
    assert axe_complaints(page) == []
    page.get_by_role("link", name="ours").click()
    rows = page.get_by_role("table", name="Runs").get_by_role("rowgroup").get_by_role("row")
    expect(rows).to_have_count(3)
    page.get_by_label("Project").select_option("theirs")
    expect(rows).to_have_count(5)
    expect(page).to_have_url(re.compile("/p/theirs/runs"))
    page.go_back()
    expect(rows).to_have_count(3)


def test_one_sees_who_one_is_and_signs_out(
    page: Page, whence: Path, home: Path, closed: Served
) -> None:
    _sign_in(page, closed, _token(whence, home, "ours"))
    expect(page.get_by_role("heading", name="No run yet")).to_be_visible()
    page.get_by_role("button", name="me", exact=True).click()
    account = page.get_by_role("dialog", name="Your account")
    expect(account).to_contain_text("Signed in as me")
    expect(account).to_contain_text(re.compile(r"ours\s*read"))
    assert axe_complaints(page) == []
    account.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    answer = page.request.get(f"{closed.url}/api/v1/projects")
    assert answer.status == 401
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_where_nobody_is_asked_there_is_nobody_to_sign_out(page: Page, served: Served) -> None:
    page.goto(served.url)
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    expect(page.get_by_role("banner").get_by_role("button")).to_have_count(3)
