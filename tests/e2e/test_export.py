"""The record of a thing is saved in public formats, with and without what is upstream."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from tests.support.browser import Served, axe_complaints, run_named, settled

pytestmark = pytest.mark.e2e


def _saved(page: Page, button: str, format: str, upstream: bool = True) -> Download:
    page.get_by_role("button", name=button, exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label("Format").select_option(label=format)
    form.get_by_label("With all that lies upstream").set_checked(upstream)
    with page.expect_download() as saved:
        form.get_by_role("button", name="Save the record").click()
    return saved.value


def test_a_run_is_exported_with_or_without_what_is_upstream(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/p/local/run/{run_named(page, served, 'train.py')}")
    whole = Path(_saved(page, "Export", "PROV-JSON").path()).read_text()
    page.keyboard.press("Escape")
    alone = Path(_saved(page, "Export", "PROV-JSON", upstream=False).path()).read_text()
    for text in (whole, alone):
        assert "activity" in json.loads(text)
        assert "data/train.csv" in text
    assert "load_breast_cancer" in whole
    assert "load_breast_cancer" not in alone


def test_every_format_of_the_server_is_offered(page: Page, served: Served) -> None:
    known = page.request.get(f"{served.url}/api/v1/projects/local/formats").json()
    page.goto(f"{served.url}/p/local/run/{run_named(page, served, 'train.py')}")
    page.get_by_role("button", name="Export", exact=True).click()
    options = page.get_by_label("Format").get_by_role("option")
    expect(options).to_have_text([one["title"] for one in known])
    assert axe_complaints(page) == []


def test_a_lineage_is_saved_as_turtle_from_its_menu(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/p/local/lineage?thing=models/model.joblib&dir=up&depth=2")
    settled(page)
    saved = _saved(page, "Save", "PROV-O in Turtle")
    assert saved.suggested_filename == "model.joblib.ttl"
    assert "prov:wasGeneratedBy" in Path(saved.path()).read_text()


def test_a_format_that_can_not_hold_the_thing_says_why(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/p/local/run/{run_named(page, served, 'prepare.py')}")
    page.get_by_role("button", name="Export", exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label("Format").select_option(
        label="Model card (Markdown, Hugging Face front matter)"
    )
    form.get_by_label("With all that lies upstream").uncheck()
    form.get_by_role("button", name="Save the record").click()
    expect(form.get_by_role("alert")).to_contain_text("model")


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
@pytest.mark.parametrize(("view", "button"), [("lineage?thing=models/model.joblib", "Save"),
                                              ("impact?thing=data/raw.csv", "Export")])  # fmt: skip
def test_what_is_offered_fits_a_phone(page: Page, served: Served, view: str, button: str) -> None:
    page.goto(f"{served.url}/p/local/{view}")
    settled(page)
    page.get_by_role("button", name=button, exact=True).click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("button", name="Save the record")).to_be_visible()
    for part in (panel, panel.get_by_label("Format"), panel.get_by_role("button").last):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390 - 12
        assert box["y"] + box["height"] <= 844
    assert axe_complaints(page) == []
