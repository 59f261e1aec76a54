"""The drawing of a lineage: it is expanded, collapsed, searched, grouped and saved."""

import re
import struct
from collections.abc import Set
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Served, settled

pytestmark = pytest.mark.e2e

MODEL = "models/model.joblib"


class Drawing:
    """The drawing as a person has it: its tree for the keyboard, its picture for the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.get_by_role("tree")
        self.tip = page.locator(".wl-tip")

    @property
    def here(self) -> Locator:
        return self.tree.get_by_role("treeitem", selected=True)

    def press(self, *keys: str) -> None:
        self.tree.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def things(self) -> set[str]:
        """The names in the picture, as its SVG has them."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        with self.page.expect_download() as saved:
            self.page.get_by_role("button", name=re.compile("SVG")).click()
        self.page.keyboard.press("Escape")
        text = Path(saved.value.path()).read_text()
        return set(re.findall(r"<text[^>]*>([^<]+)</text>", text))

    def shows(self, wanted: Set[str], unwanted: Set[str] = frozenset()) -> None:
        """Wait until the picture has what is wanted and not what is unwanted."""
        for _ in range(60):
            found = self.things()
            if wanted <= found and not unwanted & found:
                return
            self.page.wait_for_timeout(200)
        assert (wanted - found, unwanted & found) == (set(), set())

    def centre(self) -> tuple[float, float]:
        """Bring what is selected into the middle of the picture; where that is."""
        self.page.get_by_role("button", name="Centre").click()
        self.page.wait_for_timeout(100)
        box = self.page.locator("canvas.wl-main").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def press_button(self, says: str) -> None:
        """Click the small button of the selected box that says so when it is pointed at."""
        x, y = self.centre()
        for away in [step * side for step in range(0, 180, 5) for side in (1, -1)]:
            for down in (0, 24):
                self.page.mouse.move(x + away, y + down)
                if self.tip.count() and says in (self.tip.text_content() or ""):
                    self.page.mouse.click(x + away, y + down)
                    return
        raise AssertionError(f"No button of the selected box says {says!r}")


@pytest.fixture
def drawing(page: Page) -> Drawing:
    return Drawing(page)


def _open(page: Page, served: Served, query: str, thing: str = MODEL) -> None:
    page.goto(f"{served.url}/p/local/lineage?thing={thing}&{query}")
    expect(page.locator("canvas.wl-main")).to_be_visible()
    settled(page)


def test_a_level_is_fetched_by_the_button_at_a_box(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=1&group=none")
    drawing.shows({MODEL, "train.py"}, {"data/train.csv"})
    drawing.press("Home", "ArrowLeft")
    expect(drawing.here).to_contain_text("run train.py")
    drawing.press_button("Fetch 1 more upstream")
    drawing.shows({MODEL, "train.py", "data/train.csv"}, {"data/raw.csv"})


def test_levels_are_fetched_hidden_and_shown_again_by_keys(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=1&group=none")
    drawing.press("Home", "ArrowLeft", "[")
    drawing.shows({"data/train.csv", "person", "environment"})
    drawing.press("[")
    drawing.shows({MODEL, "train.py"}, {"person", "environment"})
    drawing.press("[")
    drawing.shows({"data/train.csv", "person", "environment"})


def test_the_lineage_of_one_thing_alone_is_lit_and_all_again(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=6&group=run")
    drawing.press("Home", "ArrowLeft")
    only = page.get_by_role("button", name="Only the lineage of what is selected")
    expect(only).to_have_attribute("aria-pressed", "false")
    picture = page.locator("canvas.wl-main")
    before = picture.screenshot()
    only.click()
    expect(only).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("lit"))
    assert picture.screenshot() != before
    drawing.press("Escape")
    expect(only).to_have_attribute("aria-pressed", "false")


def test_the_path_between_two_things_is_lit_with_the_statements_it_rests_on(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=6&group=none")
    field = page.get_by_label("Find in the drawing")
    field.fill("data/raw.csv")
    field.press("Enter")
    panel = page.get_by_role("complementary", name="The selected thing")
    expect(panel.get_by_role("heading", name="data/raw.csv")).to_be_visible()
    before = page.locator("canvas.wl-main").screenshot()
    panel.get_by_role("button", name="Show the path").click()
    expect(panel).to_contain_text("Why these belong together")
    expect(panel).to_contain_text(re.compile(r"\d+ steps over \d+ things"))
    expect(panel).to_contain_text(re.compile(r"(prepare|train)\.py:\d+"))
    assert page.locator("canvas.wl-main").screenshot() != before
    page.get_by_role("button", name="Path", exact=True).click()
    expect(panel).not_to_contain_text("Why these belong together")


def test_things_are_found_in_the_drawing_one_after_the_other(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=6&group=none")
    page.get_by_label("Find in the drawing").fill(".csv")
    count = page.locator(".wl-count")
    expect(count).to_have_text(re.compile(r"– of \d+"))
    of = int((count.text_content() or "").split()[-1])
    assert of >= 3
    seen = []
    for step, at in (("Next", 1), ("Next", 2), ("Previous", 1), ("Previous", of)):
        page.get_by_role("button", name=f"{step} found").click()
        expect(count).to_have_text(f"{at} of {of}")
        expect(drawing.here).to_contain_text(".csv")
        seen.append(drawing.here.text_content())
    assert seen[0] == seen[2]
    assert len(set(seen)) == 3
    page.get_by_label("Find in the drawing").fill("no such thing")
    expect(count).to_have_text("none")


def test_the_drawing_is_grouped_by_run_or_by_stage_or_not_at_all(
    page: Page, sweep: Served, drawing: Drawing
) -> None:
    _open(page, sweep, "dir=up&depth=8&group=none", "weights-0.4.bin")
    group = page.get_by_label("Group by")
    drawing.shows({"train.py", "sweep", "training", "epoch 3"})
    group.select_option("run")
    drawing.shows({"train.py"}, {"sweep", "training", "epoch 3"})
    group.select_option("stage")
    drawing.shows({"train.py", "training"}, {"sweep", "epoch 3"})
    group.select_option("none")
    drawing.shows({"train.py", "sweep", "training", "epoch 3"})


def test_a_group_is_opened_and_shut_by_a_key(page: Page, served: Served, drawing: Drawing) -> None:
    _open(page, served, "dir=up&depth=6&group=run")
    drawing.press("Home", "ArrowLeft")
    drawing.shows({"train.py"}, {"Pipeline.fit"})
    drawing.press(" ")
    drawing.shows({"train.py", "Pipeline.fit"}, {"pandas.DataFrame.to_csv"})
    drawing.press(" ")
    drawing.shows({"train.py"}, {"Pipeline.fit"})


def test_the_columns_stand_inside_their_table(page: Page, served: Served, drawing: Drawing) -> None:
    _open(page, served, "dir=up&depth=3&group=run")
    drawing.shows({"data/train.csv"}, {"mean_radius"})
    page.get_by_label("Columns").check()
    drawing.shows({"data/train.csv", "mean_radius"})
    expect(page).to_have_url(re.compile("columns=1"))


def test_the_legend_hides_a_kind_and_the_ways_of_knowing(
    page: Page, served: Served, drawing: Drawing
) -> None:
    _open(page, served, "dir=up&depth=6&group=run")
    kinds = page.get_by_role("list", name="Kinds")
    kinds.get_by_role("button", name="person").click()
    expect(kinds.get_by_role("button", name="person")).to_have_attribute("aria-pressed", "false")
    drawing.shows({MODEL, "train.py"}, {"person"})
    kinds.get_by_role("button", name="person").click()
    drawing.shows({MODEL, "train.py", "person"})
    drawing.press("Home", "ArrowLeft")
    expect(drawing.here).to_contain_text("train.py")
    for way in ("observed", "declared"):
        page.get_by_label(way, exact=True).uncheck()
    expect(page).to_have_url(re.compile("known=inferred"))
    expect(drawing.here).not_to_contain_text("used")


def test_a_drawing_is_saved_as_a_picture_of_a_sensible_size(page: Page, served: Served) -> None:
    _open(page, served, "dir=up&depth=6&group=run")
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=re.compile("PNG")).click()
    content = Path(saved.value.path()).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert 800 <= width <= 16_000
    assert 200 <= height <= 16_000
    assert len(content) > 20_000


def test_the_address_restores_the_whole_view(page: Page, served: Served, drawing: Drawing) -> None:
    _open(page, served, "dir=up&depth=6&group=run")
    drawing.press("Home", "ArrowLeft", " ")
    page.get_by_label("Columns").check()
    page.get_by_label("Find in the drawing").fill("raw")
    page.get_by_role("list", name="Kinds").get_by_role("button", name="person").click()
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("camera.*"))
    settled(page)
    page.wait_for_timeout(700)  # the address follows the drawing half a second later
    before = (page.url, drawing.things(), drawing.here.text_content())
    page.reload()
    expect(page.locator("canvas.wl-main")).to_be_visible()
    settled(page)
    drawing.shows(before[1])
    page.wait_for_timeout(700)
    assert (page.url, drawing.things(), drawing.here.text_content()) == before
    expect(page.get_by_label("Find in the drawing")).to_have_value("raw")
    expect(page.get_by_label("Columns")).to_be_checked()
