"""The charts of metrics: several runs, scales, smoothing, zoom."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Served, axe_complaints, runs_of, settled

pytestmark = pytest.mark.e2e


@pytest.fixture
def chart(page: Page, sweep: Served) -> Locator:
    """The chart of the loss of the three sweeps."""
    ids = [run["id"] for run in runs_of(page, sweep) if run["name"] == "sweep"]
    query = "&".join(f"run={one}" for one in ids)
    page.goto(f"{sweep.url}/p/local/compare?{query}&tab=metrics")
    settled(page)
    return page.locator("figure.chart").filter(has_text="loss")


def _ticks(chart: Locator) -> list[str]:
    return chart.locator(".grid text").all_inner_texts()


def test_each_run_is_a_line_with_its_name(page: Page, chart: Locator) -> None:
    expect(chart.locator("path.line")).to_have_count(3)
    expect(page.locator(".chart-legend li")).to_have_count(3)
    said = chart.get_by_role("img").get_attribute("aria-label") or ""
    assert said.startswith("loss. sweep ")
    assert said.count("12 values") == 3
    colours = chart.locator("path.line").evaluate_all(
        "lines => lines.map((line) => getComputedStyle(line).stroke)"
    )
    assert len(set(colours)) == 3
    assert axe_complaints(page) == []


def test_a_logarithmic_scale_has_powers_of_ten(page: Page, chart: Locator) -> None:
    linear = _ticks(chart)
    page.get_by_label("Log scale").check()
    expect(chart.locator(".grid text").filter(has_text="0.01")).to_have_count(1)
    assert _ticks(chart) != linear
    page.get_by_label("Log scale").uncheck()
    assert _ticks(chart) == linear


def test_smoothing_keeps_the_line_as_it_was_behind_the_smooth_one(
    page: Page, chart: Locator
) -> None:
    rough = chart.locator("path.line").first.get_attribute("d")
    expect(chart.locator("path.raw")).to_have_count(0)
    slider = page.get_by_label("Smoothing")
    slider.fill("0.8")
    expect(slider).to_have_attribute("aria-valuetext", "0.80")
    expect(chart.locator("path.raw")).to_have_count(3)
    assert chart.locator("path.line").first.get_attribute("d") != rough


def test_a_drag_zooms_and_a_button_shows_all_again(page: Page, chart: Locator) -> None:
    whole = _ticks(chart)
    picture = chart.get_by_role("img")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 90)
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 90)
    page.mouse.up()
    again = chart.get_by_role("button", name="Show all")
    expect(again).to_be_visible()
    assert _ticks(chart) != whole
    again.click()
    expect(again).to_have_count(0)
    assert _ticks(chart) == whole


def test_the_values_under_the_pointer_are_told_by_run(page: Page, chart: Locator) -> None:
    chart.get_by_role("img").hover()
    readout = chart.locator(".readout")
    expect(readout.locator("div")).to_have_count(3)
    expect(readout).to_contain_text(re.compile(r"sweep .*0\.\d+", re.DOTALL))


def test_time_can_be_the_axis(page: Page, chart: Locator) -> None:
    page.get_by_label("Over").select_option("time")
    expect(chart.locator("figcaption")).to_contain_text("time")
    expect(chart.locator("path.line")).to_have_count(3)
