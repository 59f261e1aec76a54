"""What stands around the views: help, theme, motion, an empty store, a server that goes away."""

import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Served, axe_complaints, run_named, serving, settled
from whence.journal.home import create_store

pytestmark = pytest.mark.e2e


def test_help_lists_the_keys_and_gives_the_focus_back(page: Page, served: Served) -> None:
    page.goto(served.url)
    settled(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help and keys")
    for said in ("Search everything", "Compare the chosen runs", "observed", "inferred"):
        expect(dialog).to_contain_text(said)
    assert axe_complaints(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    button = page.get_by_role("button", name="Help and keys")
    button.click()
    page.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()


def test_the_theme_that_was_switched_is_kept(page: Page, served: Served) -> None:
    page.goto(served.url)
    html = page.locator("html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Show the dark theme").click()
    expect(html).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Show the light theme")).to_be_visible()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Show the light theme").click()
    page.reload()
    expect(page.get_by_role("button", name="Show the dark theme")).to_be_visible()


MOVING = "document.getAnimations().filter((one) => one.effect.getTiming().duration > 1).length"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_nothing_moves_where_a_person_wants_no_motion(
    page: Page, served: Served, motion: str
) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.route("**/trace?*", lambda _: None)  # never answered: the page goes on waiting
    page.goto(f"{served.url}/p/local/lineage?thing=models/model.joblib&dir=up")
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    assert (page.evaluate(MOVING) > 0) == (motion == "no-preference")


def test_an_empty_store_says_what_to_do(page: Page, whence: Path, tmp_path: Path) -> None:
    create_store(tmp_path / ".whence")
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], tmp_path) as server:
        page.goto(server.url)
        expect(page.get_by_role("heading", name="No run yet")).to_be_visible()
        expect(page.get_by_text("whence run train.py")).to_be_visible()
        assert axe_complaints(page) == []
        page.goto(f"{server.url}/p/local/compare")
        expect(page.get_by_role("heading", name="What differs?")).to_be_visible()


def test_a_server_that_goes_away_is_told_and_the_page_recovers(
    page: Page, whence: Path, demo: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [str(whence), "ui", "--no-browser", "--port", port]
    with serving(command, demo) as server:
        page.goto(server.url)
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer", timeout=60_000)
    with serving(command, demo):
        expect(page.get_by_role("alert")).to_have_count(0, timeout=60_000)
        expect(page.get_by_role("link", name="evaluate.py")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)


def test_an_address_restores_each_view(page: Page, served: Served) -> None:
    run = run_named(page, served, "evaluate.py")
    model = run_named(page, served, "train.py")
    views = {
        "runs?filter=name+%3D+'train.py'&order=name&col=name&col=command": "--model forest",
        f"run/{run}?tab=data": "models/model.joblib",
        f"run/{model}?tab=params": "Find a parameter",
        f"compare?run={run}&run={model}&all=1": "scikit-learn",
        f"compare?run={run}&run={model}&tab=metrics": "Log scale",
        "impact?thing=data/raw.csv": "models/forest.joblib",
    }
    for view, said in views.items():
        page.goto(f"{served.url}/p/local/{view}")
        shown = page.get_by_role("main")
        settled(page)
        if "parameter" in said:
            expect(page.get_by_label(said)).to_be_visible()
        else:
            expect(shown).to_contain_text(said)
        before, address = shown.inner_text(), page.url
        page.reload()
        settled(page)
        expect(shown).to_have_text(shown.text_content() or "")
        minutes = re.compile(r"just now|a minute ago|\d+ (seconds?|minutes?) ago")
        assert minutes.sub("", shown.inner_text()) == minutes.sub("", before), view
        assert page.url == address
