"""The panel beside a notebook that is run: what it draws, says and marks."""

import json
import os
import re
import signal
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.e2e.conftest import BUILT
from tests.support.lab import Lab, write_notebook

pytestmark = pytest.mark.e2e

TRAIN = [
    "%load_ext whence",
    "import csv\nrows = list(csv.reader(open('data.csv')))",
    "numbers = [float(row[0]) for row in rows]",
    "total = sum(numbers)",
    "note = 'by itself'",
]


@pytest.fixture
def train(folder: Path) -> str:
    """A notebook of light cells, and the file that it reads."""
    (folder / "data.csv").write_text("1\n2\n3\n" * 50)
    write_notebook(folder / "train.ipynb", TRAIN)
    return f"{folder.name}/train.ipynb"


def test_jupyter_says_that_both_extensions_are_in_order() -> None:
    for kind, name in (("labextension", "@whence/labextension"), ("server extension", "whence")):
        command = [BUILT / "bin" / "jupyter", *kind.split(), "list"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        said = re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr)
        assert re.search(rf"{name}\S* v?0\.1\.0 +(enabled +)?OK", said), said


def test_the_example_is_drawn_as_it_runs_in_both_themes(
    lab: Lab, example: str, lab_shot: Callable[[Lab, str], None]
) -> None:
    lab.open(example)
    expect(lab.panel).to_contain_text("Nothing is recorded here yet")
    lab_shot(lab, "before")
    lab.run_all()
    expect(lab.panel.get_by_role("status", name="Recording")).to_have_text("recording")
    lab.shows("customers.csv", "customers", "forest", "churn.joblib")
    lab_shot(lab, "flow")
    lab.tab("Cells")
    expect(lab.cell_row("forest = RandomForestClassifier")).to_contain_text("up to date")
    expect(lab.cell_row("forest = RandomForestClassifier")).to_contain_text("made RandomForest")
    expect(lab.panel).to_contain_text("Every cell that ran is up to date.")
    lab_shot(lab, "cells")
    lab.tab("Flow")
    lab.panel.get_by_role("button", name="Show below the notebook").click()
    lab.execute("application:toggle-left-area")
    field = lab.panel.get_by_label("Find in the drawing")
    field.fill("train")
    chosen = lab.panel.get_by_role("region", name="The selected thing")
    for _ in range(6):
        field.press("Enter")
        expect(chosen).to_contain_text("train")
        if "spend_per_month" in chosen.inner_text():
            break
    expect(chosen).to_contain_text("spend_per_month")
    field.fill("")
    lab.page.wait_for_timeout(400)  # the drawing keeps its state a moment later
    lab_shot(lab, "below")


def test_cells_run_out_of_order_edited_and_deleted_are_told_apart(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.tab("Cells")
    expect(lab.cell_row("total = sum")).to_contain_text("up to date")
    lab.until_badges({})

    lab.edit(3, "numbers = [2 * float(row[0]) for row in rows]")
    expect(lab.cell_row("numbers = [2")).to_contain_text("edited since it ran")
    lab.run(3)
    expect(lab.cell_row("numbers = [2")).to_contain_text("up to date")
    expect(lab.cell_row("total = sum")).to_contain_text("stale")
    lab.page.wait_for_function("jupyterapp.shell.currentWidget")
    expect(lab.notebook.locator(".jp-Cell").nth(3)).to_have_attribute("data-whence-says", "stale")

    lab.run(4)
    expect(lab.cell_row("total = sum")).to_contain_text("up to date")
    lab.edit(5, "note = 'another'")
    expect(lab.cell_row("note = ")).to_contain_text("edited since it ran")
    lab.until_badges({"5": "edited"})

    lab.delete(3)
    expect(lab.cell_row("numbers = [2")).to_contain_text("deleted")
    expect(lab.cell_row("numbers = [2")).to_contain_text("Still in memory: numbers")


def test_a_click_in_the_panel_leads_to_the_cell(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.tab("Cells")
    lab.cell_row("rows = list").or_(lab.cell_row("import csv")).first.get_by_role("button").click()
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCellIndex === 1")
    lab.tab("History")
    executions = lab.panel.get_by_role("list", name="Executions")
    executions.get_by_role("button", name=re.compile("total = sum")).click()
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCellIndex === 3")
    lab.tab("Flow")
    lab.shows("numbers")
    field = lab.panel.get_by_label("Find in the drawing")
    field.fill("numbers")
    field.press("Enter")
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCellIndex === 2")
    chosen = lab.panel.get_by_role("region", name="The selected thing")
    expect(chosen).to_contain_text("numbers")


def test_the_history_shows_the_notebook_as_it_was(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.edit(5, "note = missing")
    lab.run(5)
    lab.tab("History")
    executions = lab.panel.get_by_role("list", name="Executions")
    expect(executions.get_by_role("listitem").first).to_have_attribute("aria-setsize", "6")
    expect(executions.get_by_role("listitem").first).to_contain_text("failed")
    slider = lab.panel.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    for _ in range(3):
        slider.press("ArrowRight")
    expect(lab.panel).to_contain_text("After 3 of 6 executions")
    lab.panel.get_by_text("State of 3 cells then").click()
    then = lab.panel.locator(".whence-then")
    expect(then).to_contain_text("numbers =")
    expect(then).not_to_contain_text("total =")


def test_two_sessions_and_two_runs_of_a_cell_are_compared(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.edit(4, "total = 2 * sum(numbers)")
    lab.run(4)
    lab.tab("Compare")
    lab.panel.get_by_role("button", name="Two runs of a cell").click()
    changes = lab.panel.get_by_role("region", name="Changes in the source")
    expect(changes).to_contain_text("-total = sum(numbers)")
    expect(changes).to_contain_text("+total = 2 * sum(numbers)")

    lab.restart()
    lab.run_all()
    expect(lab.panel.get_by_role("status", name="Recording")).to_have_text("recording")
    lab.edit(5, "note = 'new'")
    lab.run(5)
    lab.panel.get_by_role("button", name="Two sessions").click()
    expect(lab.panel.get_by_label("Left").locator("option")).to_have_count(2)
    expect(lab.panel).to_contain_text("+note = 'new'")
    expect(lab.panel).to_contain_text("the same")


def test_a_kernel_that_is_killed_is_told_as_interrupted(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.tab("Cells")
    expect(lab.cell_row("total = sum")).to_contain_text("up to date")
    lab.edit(5, "import os\nprint(os.getpid())")
    lab.run(5)
    printed = lab.notebook.locator(".jp-OutputArea-output").last.inner_text()
    lab.edit(5, "import time\ntime.sleep(600)")
    lab.select(5)
    lab.execute_and_go_on("notebook:run-cell")
    expect(lab.cell_row("import time")).to_contain_text("running")
    os.kill(int(printed), signal.SIGKILL)
    lab.page.get_by_role(
        "button", name="Ok", exact=True
    ).click()  # JupyterLab says that the kernel died
    expect(lab.panel).to_contain_text("This kernel records nothing")
    expect(lab.cell_row("import time")).to_contain_text("interrupted")


def test_what_is_shared_is_saved(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.shows("data.csv", "total")
    lab.tab("Share")

    def saved(name: str) -> Path:
        with lab.page.expect_download() as found:
            lab.panel.get_by_role("button", name=name).click()
        return Path(found.value.path())

    content = saved("Save as PNG").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24])[0] > 400
    assert "train.ipynb" in json.dumps(json.loads(saved("PROV-JSON").read_text()))
    with zipfile.ZipFile(saved("RO-Crate")) as crate:
        assert any(name.endswith("ro-crate-metadata.json") for name in crate.namelist())
    lab.panel.get_by_role("button", name="Compare", exact=True).click()
    same = lab.panel.get_by_role("region", name="Same data here")
    expect(same.get_by_role("row", name=re.compile("data.csv"))).to_contain_text("the same")


def test_the_panel_stands_below_the_notebook_and_comes_back(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    beside = box_of(lab.panel)
    lab.panel.get_by_role("button", name="Show below the notebook").click()
    expect(lab.panel.get_by_role("button", name="Show at the side")).to_be_visible()
    assert box_of(lab.panel)["width"] > beside["width"]
    assert box_of(lab.panel)["y"] > box_of(lab.notebook)["y"]
    lab.panel.get_by_role("button", name="Show at the side").click()
    expect(lab.panel.get_by_role("button", name="Show below the notebook")).to_be_visible()


def test_marks_go_when_the_setting_is_off_and_move_nothing(lab: Lab, train: str) -> None:
    lab.open(train)
    lab.run_all()
    lab.edit(5, "note = 'another'")
    cell = lab.notebook.locator(".jp-Cell").nth(4)
    expect(cell).to_have_attribute("data-whence-says", "edited")
    with_mark = box_of(cell)["height"]
    save_settings(lab, {"badges": False})
    lab.page.reload()
    lab.page.wait_for_function("window.jupyterapp?.restored", timeout=60_000)
    lab.page.evaluate("jupyterapp.restored")
    lab.execute("whence:open")  # where it was is kept later
    lab.until_idle()
    expect(lab.panel.get_by_role("status", name="Recording")).to_have_text("recording")
    expect(cell).to_be_visible()
    lab.until_badges({})
    assert box_of(cell)["height"] == with_mark
    save_settings(lab, {})


def box_of(thing: Locator) -> FloatRect:
    found = thing.bounding_box()
    assert found is not None
    return found


def save_settings(lab: Lab, values: dict[str, bool]) -> None:
    """The settings of the panel, as the settings editor saves them."""
    lab.page.evaluate(
        "(text) => jupyterapp.serviceManager.settings.save('@whence/labextension:plugin', text)",
        json.dumps(values),
    )
