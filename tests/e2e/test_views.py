"""Each view of the page on the demo's store: what a person sees and can do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Served, axe_complaints

pytestmark = pytest.mark.e2e

DARK = pytest.mark.parametrize("context", [{"color_scheme": "dark"}], indirect=True)
PHONE = pytest.mark.parametrize(
    "context", [{"viewport": {"width": 390, "height": 844}}], indirect=True
)
Shot = Callable[[Page, str], None]


def _ids(page: Page, served: Served) -> dict[str, str]:
    """The runs' ids by what they wrote."""
    answer = page.request.get(f"{served.url}/api/v1/projects/local/runs").json()
    return {name: run["id"] for run in answer["items"] for name in run["attributes"]["outputs"]}


def test_the_runs_are_listed_newest_first(page: Page, served: Served, shot: Shot) -> None:
    page.goto(served.url)
    rows = page.get_by_role("table", name="Runs").get_by_role("rowgroup").get_by_role("row")
    expect(rows).to_have_count(4)
    names = [re.split(r"\s", row)[0] for row in rows.all_inner_texts()]
    assert names == ["evaluate.py", "train.py", "train.py", "prepare.py"]
    expect(rows.first).to_contain_text("finished")
    expect(page.get_by_role("status").filter(has_text="4 runs")).to_be_visible()
    shot(page, "runs-light")


def test_a_filter_narrows_the_runs_and_stands_in_the_address(page: Page, served: Served) -> None:
    page.goto(served.url)
    box = page.get_by_role("combobox", name="Filter the runs")
    box.fill("name = 'train.py'")
    box.press("Enter")
    rows = page.get_by_role("table", name="Runs").get_by_role("rowgroup").get_by_role("row")
    expect(rows).to_have_count(2)
    page.reload()
    expect(rows).to_have_count(2)
    page.go_back()
    expect(rows).to_have_count(4)


def test_a_wrong_filter_is_told_with_where_it_is_wrong(page: Page, served: Served) -> None:
    page.goto(served.url)
    box = page.get_by_role("combobox", name="Filter the runs")
    box.fill("params.lr >> 1")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("12")


def test_a_run_answers_the_six_questions(page: Page, served: Served, shot: Shot) -> None:
    page.goto(served.url)
    page.get_by_role("link", name="evaluate.py").first.click()
    sheet = page.get_by_role("region", name="The six questions")
    expect(sheet).to_contain_text("python evaluate.py")
    questions = sheet.locator(".six > div > dt").all_inner_texts()
    assert [one.lower() for one in questions] == ["what", "when", "who", "why", "where", "how"]
    expect(page.get_by_role("heading", name="evaluate.py")).to_be_visible()
    expect(page.get_by_text("models/model.joblib").first).to_be_visible()
    shot(page, "run-light")


def test_the_metrics_of_epochs_are_drawn(page: Page, served: Served, shot: Shot) -> None:
    page.goto(served.url)
    page.goto(f"{served.url}/p/local/run/{_ids(page, served)['models/forest.joblib']}?tab=metrics")
    expect(page.get_by_role("img").first).to_be_visible()
    shot(page, "metrics-light")


def test_the_lineage_of_a_model_is_drawn_and_can_be_walked(
    page: Page, served: Served, shot: Shot
) -> None:
    page.goto(f"{served.url}/p/local/lineage?thing=models/model.joblib&dir=up&depth=6&group=run")
    tree = page.get_by_role("tree")
    here = tree.get_by_role("treeitem", selected=True)
    expect(page.locator("canvas").first).to_be_visible()
    tree.focus()
    page.keyboard.press("Home")
    expect(here).to_contain_text("models/model.joblib")
    page.keyboard.press("ArrowLeft")
    expect(here).to_contain_text("run train.py")
    expect(page.get_by_role("complementary", name="The selected thing")).to_contain_text("train.py")
    expect(page.get_by_text("The record is complete")).to_be_visible()
    shot(page, "lineage-light")


def test_a_drawing_is_saved_as_svg_with_the_names_in_it(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/p/local/lineage?thing=models/model.joblib&dir=up&depth=6")
    expect(page.get_by_role("tree").get_by_role("treeitem").first).to_be_attached()
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("SVG")).click()
    text = Path(saved.value.path()).read_text()
    assert text.startswith("<svg")
    assert "data/raw.csv" in text
    assert "<script" not in text


def test_two_runs_are_compared_with_the_differences_first(
    page: Page, served: Served, shot: Shot
) -> None:
    page.goto(served.url)
    ids = _ids(page, served)
    one, other = ids["models/model.joblib"], ids["models/forest.joblib"]
    page.goto(f"{served.url}/p/local/compare?run={one}&run={other}")
    table = page.get_by_role("region", name="Runs side by side")
    expect(table).to_contain_text("--model forest")
    expect(table.get_by_role("row").nth(2)).to_contain_text("command")
    expect(table).to_contain_text("randomforestclassifier")
    expect(table).not_to_contain_text("Python 3")  # which both have
    shot(page, "compare-light")


def test_what_a_file_touched_is_listed(page: Page, served: Served, shot: Shot) -> None:
    page.goto(f"{served.url}/p/local/impact?thing=data/raw.csv")
    for name in ("models/model.joblib", "models/forest.joblib", "reports/scores.json"):
        expect(page.get_by_text(name).first).to_be_visible()
    shot(page, "impact-light")


def test_the_palette_finds_a_thing_by_its_name(page: Page, served: Served) -> None:
    page.goto(served.url)
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search files, models, datasets, runs").fill("forest")
    option = page.get_by_role("option").filter(has_text="models/forest.joblib").first
    expect(option).to_be_visible()
    option.click()
    expect(page).to_have_url(re.compile("lineage"))


def test_a_run_that_begins_appears_by_itself(
    page: Page, whence: Path, served: Served, demo: Path
) -> None:
    import subprocess

    page.goto(served.url)
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    (demo / "late.py").write_text("print('late')\n")
    subprocess.run([whence, "run", "late.py"], cwd=demo, check=True, capture_output=True)
    expect(page.get_by_role("link", name="late.py").first).to_be_visible(timeout=30_000)
    subprocess.run([whence, "run", "late.py"], cwd=demo, check=True, capture_output=True)
    expect(page.get_by_role("link", name="late.py")).to_have_count(2, timeout=30_000)


VIEWS = {
    "runs": "runs",
    "run": "run/{model}",
    "metrics": "run/{model}?tab=metrics",
    "timeline": "run/{model}?tab=timeline",
    "flow": "run/{model}?tab=flow",
    "lineage": "lineage?thing=models/model.joblib&dir=up&depth=6&group=run",
    "compare": "compare?run={model}&run={forest}",
    "impact": "impact?thing=data/raw.csv",
}


def _visit(page: Page, served: Served, view: str) -> None:
    page.goto(served.url)
    ids = _ids(page, served)
    named = {"model": ids["models/model.joblib"], "forest": ids["models/forest.joblib"]}
    page.goto(f"{served.url}/p/local/{VIEWS[view].format(**named)}")
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_no_fault_that_axe_finds(page: Page, served: Served, view: str) -> None:
    _visit(page, served, view)
    assert axe_complaints(page) == []


@DARK
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_as_readable_in_the_dark(
    page: Page, served: Served, shot: Shot, view: str
) -> None:
    _visit(page, served, view)
    shot(page, f"{view}-dark")
    assert axe_complaints(page) == []


@PHONE
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_the_width_of_a_phone(
    page: Page, served: Served, shot: Shot, view: str
) -> None:
    _visit(page, served, view)
    shot(page, f"{view}-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
