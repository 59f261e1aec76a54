"""The parts of a run's page: flow, timeline, code, packages, gaps, and a run inside another."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import (
    Served,
    axe_complaints,
    run_named,
    runs_of,
    settled,
)
from tests.support.sweep import CHANGED, start_live

pytestmark = pytest.mark.e2e


def _open(page: Page, served: Served, name: str, tab: str = "") -> None:
    query = f"?tab={tab}" if tab else ""
    page.goto(f"{served.url}/p/local/run/{run_named(page, served, name)}{query}")
    settled(page)


def _model_run(page: Page, served: Served) -> str:
    return next(
        run["id"]
        for run in runs_of(page, served)
        if "models/model.joblib" in run["attributes"]["outputs"]
    )


def test_the_flow_says_which_data_fed_the_model_and_through_which_columns(
    page: Page, served: Served
) -> None:
    page.goto(f"{served.url}/p/local/run/{_model_run(page, served)}?tab=flow")
    fed = page.get_by_role("article", name="What fed Pipeline")
    for said in ("fit", "train.py:44", "data/train.csv", "train.py:41", "train", "inferred",
                 "mean_radius", "target", "as X, y"):  # fmt: skip
        expect(fed).to_contain_text(said)
    unused = fed.get_by_text("patient", exact=True)
    expect(unused).to_be_hidden()
    fed.get_by_text("29 columns").click()
    expect(unused).to_be_visible()
    scores = page.get_by_role("region", name="What was scored on what")
    expect(scores).to_contain_text("0.9108")
    fed.get_by_role("link", name="data/train.csv").click()
    expect(page).to_have_url(re.compile("lineage"))


def test_the_columns_of_a_run_are_found_by_name_and_use(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/p/local/run/{_model_run(page, served)}?tab=flow")
    rows = page.get_by_role("region", name="What each column was for").locator("tbody tr")
    expect(rows).to_have_count(35)
    expect(rows.first).to_contain_text("feature")
    page.get_by_label("Find a column").fill("label")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("target")


def test_a_run_without_models_says_so(page: Page, sweep: Served) -> None:
    _open(page, sweep, "killed.py", "flow")
    expect(page.get_by_text("No data fed a model here")).to_be_visible()


def test_a_run_inside_a_script_leads_to_the_script_and_shows_what_is_that_of_it(
    page: Page, sweep: Served
) -> None:
    _open(page, sweep, "sweep")
    sheet = page.get_by_role("region", name="The six questions")
    for said in ("python train.py", "to learn"):
        expect(sheet.locator("dd dl > div").filter(has_text=said)).to_contain_text("of train.py")
    expect(sheet.locator("dd dl > div").filter(has_text="rate")).not_to_contain_text("of train.py")
    page.get_by_role("tab", name="Packages").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("heading", name="Environment")).to_contain_text("of train.py")
    expect(panel).to_contain_text("msgspec")
    page.get_by_role("link", name="train.py", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("train.py")
    expect(page.get_by_text("part of")).to_have_count(0)


def test_a_package_is_found_with_its_version(page: Page, sweep: Served) -> None:
    _open(page, sweep, "train.py", "packages")
    rows = page.get_by_role("tabpanel").locator(".packages li")
    page.get_by_label("Find a package").fill("msgspec")
    expect(rows).to_have_count(1)
    expect(rows).to_have_text(re.compile(r"msgspec\s*\d+\.\d+"))


def test_the_code_shows_what_was_not_committed(page: Page, sweep: Served) -> None:
    _open(page, sweep, "sweep", "code")
    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("changed since the commit")
    expect(panel).to_contain_text("of train.py")
    expect(panel.locator(".is-added").filter(has_text=CHANGED)).to_have_count(1)
    expect(panel.locator(".is-removed").filter(has_text="FACTOR = 1.0")).to_have_count(1)
    assert axe_complaints(page) == []


def test_the_timeline_has_the_epochs_inside_their_stage(page: Page, sweep: Served) -> None:
    _open(page, sweep, "sweep", "timeline")
    rows = page.get_by_role("table", name="What happened when").get_by_role("row")
    expect(rows).to_have_count(14)
    names = [text.split()[0:2] for text in rows.all_inner_texts()[1:4]]
    assert names == [["training", "stage"], ["epoch", "0"], ["epoch", "1"]]
    stage, epoch = (
        rows.nth(number).get_by_role("rowheader").evaluate("e => parseInt(e.style.paddingLeft)")
        for number in (1, 2)
    )
    assert (stage, epoch) == (0, 14)
    bars = [
        box["x"] for box in (bar.bounding_box() for bar in rows.locator(".gantt-bar").all()) if box
    ]
    assert bars == sorted(bars)
    assert bars[-1] - bars[0] > 200
    expect(rows.nth(1).get_by_role("cell").first).to_have_text(re.compile(r"\d+ (µs|ms)"))
    assert axe_complaints(page) == []


@pytest.fixture
def live(whence: Path, sweep_folder: Path) -> Iterator[Path]:
    """A program that runs; the file ``enough`` ends it."""
    running = start_live(sweep_folder, whence)
    yield sweep_folder / "enough"
    running.terminate()
    running.wait(60)


def test_the_timeline_of_a_run_that_runs_grows_by_itself_and_ends_with_it(
    page: Page, sweep: Served, live: Path
) -> None:
    page.goto(sweep.url)
    page.get_by_role("link", name="live", exact=True).first.click(timeout=30_000)
    expect(page.get_by_text("running", exact=True).first).to_be_visible()
    page.get_by_role("tab", name="Timeline").click()
    rows = page.get_by_role("table", name="What happened when").get_by_role("row")
    expect(rows.filter(has_text=re.compile(r"epoch 3(?!\d)"))).to_have_count(1, timeout=30_000)
    expect(rows.filter(has_text=re.compile(r"epoch 8(?!\d)"))).to_have_count(1, timeout=30_000)
    live.touch()
    expect(page.get_by_text("finished", exact=True).first).to_be_visible(timeout=30_000)


def test_what_a_killed_run_left_behind_is_told_as_a_gap(page: Page, sweep: Served) -> None:
    _open(page, sweep, "doomed", "gaps")
    expect(page.get_by_text("interrupted", exact=True)).to_be_visible()
    expect(page.get_by_role("tab", name="Gaps")).to_contain_text("1")
    expect(page.get_by_role("note")).to_contain_text(
        "The process ended with the file open for writing"
    )


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_the_tab_that_is_shown_is_in_sight_on_a_phone(page: Page, sweep: Served) -> None:
    _open(page, sweep, "sweep", "packages")
    tab = page.get_by_role("tab", name="Packages")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_in_viewport(ratio=0.8)
