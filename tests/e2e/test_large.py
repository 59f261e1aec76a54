"""Large stores: the work that the page does is bounded by what one sees, not by what there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from benchmarks import deep_lineage
from benchmarks.many_runs import MINUTE, START, run_id, write_events
from tests.support.browser import Served, serving
from whence.journal.home import create_store
from whence.model.event import ActivityRecorded, Event
from whence.service.index import fold_new

pytestmark = pytest.mark.e2e

RUNS, NODES = 20_000, 10_000


def _plain_runs() -> Iterator[Event]:
    for number in range(RUNS):
        at = START + number * MINUTE
        yield ActivityRecorded(
            run_id(number), "run", f"run {number}", None, at, at + MINUTE, "finished"
        )


@pytest.fixture(scope="module")
def many(whence: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("many")
    store = create_store(folder / ".whence")
    write_events(store, 0, _plain_runs())
    fold_new(store)
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], folder) as server:
        yield server


@pytest.fixture(scope="module")
def deep(whence: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("deep")
    deep_lineage.make(folder, NODES)
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], folder) as server:
        yield server


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The questions that the page asked of a project, by their last word."""
    found: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition("?")[0]
        if "/projects/local/" in path:
            found.append(path.rpartition("/")[2])

    page.on("request", note)
    return found


def test_a_row_far_down_is_shown_after_a_jump(page: Page, many: Served, asked: list[str]) -> None:
    page.goto(many.url)
    expect(page.get_by_role("status").filter(has_text="20,000 runs")).to_be_visible()
    table = page.get_by_role("table", name="Runs")
    expect(table).to_have_attribute("aria-rowcount", str(RUNS + 1))
    table.evaluate("table => { table.scrollTop = 15_000 * 34 }")
    row = table.locator("[aria-rowindex='15002']")
    expect(row).to_contain_text(f"run {RUNS - 1 - 15_000}", timeout=60_000)
    expect(row).to_be_in_viewport()
    drawn = table.get_by_role("row").count()
    assert drawn < 80
    assert asked.count("runs") < 40


def test_a_lineage_of_ten_thousand_things_opens_by_one_question(
    page: Page, deep: Served, asked: list[str]
) -> None:
    page.goto(f"{deep.url}/p/local/lineage?thing={deep_lineage.LAST}&dir=up&depth=20&group=none")
    expect(page.get_by_text("The record is complete")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Laying out")).to_have_count(0, timeout=60_000)
    page.get_by_label("Find in the drawing").fill("part_")
    expect(page.locator(".wl-count")).to_have_text("– of 4,995", timeout=60_000)
    page.get_by_role("button", name="Next found").click()
    expect(page.get_by_role("tree").get_by_role("treeitem", selected=True)).to_contain_text("part_")
    assert asked.count("trace") == 1
    assert page.locator("*").count() < 1_500
