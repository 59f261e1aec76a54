"""Names that attack are shown as the text that they are."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Served, serving

pytestmark = pytest.mark.e2e

ATTACK = "<img src=x onerror=window.hurt=1>"
PROGRAM = f"""
import whence
attack = {ATTACK!r}
with whence.run(attack, params={{attack: attack}}, tags={{attack: "javascript:hurt()"}}) as run:
    run.log_metric(attack, 1.5)
    open(attack.replace("/", "") + ".csv", "w").write("a,b\\n1,2\\n" * 100)
    open("\\u202egpj.\\u202c" + chr(7) + ".txt", "w").write("turned" * 100)
raise RuntimeError(attack)
"""


@pytest.fixture(scope="module")
def hostile(whence: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "attack.py").write_text(PROGRAM)
    done = subprocess.run([whence, "run", "attack.py"], cwd=folder, capture_output=True, text=True)
    assert "RuntimeError" in done.stderr, done.stderr
    with serving([str(whence), "ui", "--no-browser", "--port", "0"], folder) as server:
        yield server


def _is_unhurt(page: Page) -> bool:
    return page.evaluate("window.hurt === undefined && !document.querySelector('img[src=x]')")


def test_no_name_runs_as_a_script_in_any_view(page: Page, hostile: Served) -> None:
    page.goto(hostile.url)
    expect(page.get_by_role("link", name=ATTACK).first).to_be_visible()
    assert _is_unhurt(page)
    items = page.request.get(f"{hostile.url}/api/v1/projects/local/runs").json()["items"]
    for run in items:
        for tab in ("", "?tab=params", "?tab=metrics", "?tab=data", "?tab=code", "?tab=gaps"):
            page.goto(f"{hostile.url}/p/local/run/{run['id']}{tab}")
            expect(page.get_by_role("tabpanel")).to_be_visible()
            assert _is_unhurt(page)
        page.goto(f"{hostile.url}/p/local/lineage?thing={run['id']}&group=none")
        expect(page.locator("canvas").first).to_be_visible()
        assert _is_unhurt(page)
    both = "&".join(f"run={run['id']}" for run in items)
    page.goto(f"{hostile.url}/p/local/compare?{both}")
    expect(page.get_by_role("region", name="Runs side by side")).to_contain_text(ATTACK)
    assert _is_unhurt(page)


def test_a_name_that_turns_its_letters_around_is_shown_with_what_turns_them(
    page: Page, hostile: Served
) -> None:
    page.goto(f"{hostile.url}/p/local/runs")
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    shown = page.locator("body").inner_text()
    assert "\u202e" not in shown
    assert "\a" not in shown


def test_an_address_that_attacks_is_told_as_text(page: Page, hostile: Served) -> None:
    page.goto(f"{hostile.url}/p/local/lineage?thing=%3Cscript%3Ewindow.hurt%3D1%3C/script%3E")
    expect(page.get_by_role("alert")).to_contain_text("<script>")
    assert _is_unhurt(page)
