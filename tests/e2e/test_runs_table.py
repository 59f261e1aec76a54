"""The table of runs: columns, order, completion, choosing, and all of it by the keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Served, axe_complaints, settled

pytestmark = pytest.mark.e2e


def _rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Runs").get_by_role("rowgroup").get_by_role("row")


def _open(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.url}/p/local/runs{query}")
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    settled(page)


def test_columns_are_picked_and_stand_in_the_address(page: Page, sweep: Served) -> None:
    _open(page, sweep)
    heads = page.get_by_role("table", name="Runs").get_by_role("columnheader")
    expect(heads.filter(has_text="By")).to_have_count(0)
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_label("Find a column").fill("by")
    page.get_by_role("dialog").get_by_label("By", exact=True).check()
    assert axe_complaints(page) == []
    page.keyboard.press("Escape")
    expect(heads.filter(has_text="By")).to_have_count(1)
    expect(page).to_have_url(re.compile("col=user"))
    page.reload()
    expect(heads.filter(has_text="By")).to_have_count(1)
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_role("button", name="As at first").click()
    expect(heads.filter(has_text="By")).to_have_count(0)


def test_a_click_on_a_metric_orders_the_runs_by_it(page: Page, sweep: Served) -> None:
    _open(page, sweep, "?filter=name+%3D+'sweep'&col=name&col=metrics.loss&col=params.rate")
    head = page.get_by_role("columnheader").filter(has_text="loss")
    rates = _rows(page).get_by_role("cell").nth(3)
    expect(_rows(page)).to_have_count(3)

    def order() -> list[str]:
        return [row.get_by_role("cell").nth(3).inner_text() for row in _rows(page).all()]

    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(rates).to_have_text("0.1")
    assert order() == ["0.1", "0.4", "2.5"]
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(rates).to_have_text("2.5")
    assert order() == ["2.5", "0.4", "0.1"]
    expect(page).to_have_url(re.compile("order=metrics.loss"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "none")


def test_the_filter_completes_names_words_and_values(page: Page, sweep: Served) -> None:
    _open(page, sweep)
    box = page.get_by_role("combobox", name="Filter the runs")
    page.keyboard.press("f")
    expect(box).to_be_focused()
    page.keyboard.type("params.r")
    expect(page.get_by_role("option").filter(has_text="params.rate")).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_value(re.compile(r"^params\.rate\s*$"))
    page.keyboard.type(" >= ")
    expect(page.get_by_role("option").filter(has_text="0.4")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.type("0.4")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(_rows(page)).to_have_count(2)
    page.get_by_role("button", name="Clear the filter").click()
    expect(_rows(page)).not_to_have_count(2)


def test_a_filter_that_lets_none_through_says_so(page: Page, sweep: Served) -> None:
    page.goto(f"{sweep.url}/p/local/runs?filter=params.rate+%3E+99")
    expect(page.get_by_text("No run fits the filter")).to_be_visible()
    page.get_by_role("button", name="Show all runs").click()
    expect(page.get_by_role("table", name="Runs")).to_be_visible()


def test_runs_are_chosen_and_compared(page: Page, sweep: Served) -> None:
    _open(page, sweep, "?filter=name+%3D+'sweep'")
    for number in (0, 2):
        _rows(page).nth(number).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="Chosen runs")
    expect(bar).to_contain_text("2 runs chosen")
    assert axe_complaints(page) == []
    bar.get_by_role("link", name="Compare").click()
    table = page.get_by_role("region", name="Runs side by side")
    expect(table.get_by_role("row").filter(has_text="rate")).to_contain_text("2.5")
    expect(table.get_by_role("row").filter(has_text="rate")).to_contain_text("0.1")
    page.get_by_role("button", name="Leave out sweep").first.click()
    expect(page.get_by_text("Choose another run")).to_be_visible()


def _tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("The Tab key does not lead there")


def test_the_keyboard_alone_leads_from_the_runs_to_the_lineage(page: Page, served: Served) -> None:
    _open(page, served, "?filter=name+%3D+'evaluate.py'")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("evaluate.py")
    _tab_to(page, page.get_by_role("main").get_by_role("link", name="Lineage"))
    page.keyboard.press("Enter")
    tree = page.get_by_role("tree")
    expect(tree).to_be_attached()
    settled(page)
    _tab_to(page, tree)
    page.keyboard.press("Home")
    here = tree.get_by_role("treeitem", selected=True)
    expect(here).to_contain_text("run evaluate.py")
    page.keyboard.press("ArrowLeft")
    expect(here).to_have_text(re.compile("^(dataset|model|code|environment|person) "))
    expect(page.get_by_role("complementary", name="The selected thing")).to_be_visible()


def test_the_keyboard_alone_chooses_runs_and_compares_them(page: Page, sweep: Served) -> None:
    _open(page, sweep, "?filter=name+%3D+'sweep'")
    chosen = page.get_by_role("region", name="Chosen runs")
    for said in ("1 run chosen", "2 runs chosen"):
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(chosen).to_contain_text(said)
    page.keyboard.press("c")
    expect(page.get_by_role("region", name="Runs side by side")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(re.compile("/impact"))
