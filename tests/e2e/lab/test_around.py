"""The panel where things are not as they should be: no Whence, hostile names, very many cells."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import AXE
from tests.support.lab import Lab, write_notebook
from tests.support.notebook_journal import large_session

pytestmark = pytest.mark.e2e

ATTACK = "<img src=x onerror=window.hurt=1>"


def test_a_kernel_without_whence_is_told_how_to_have_it(lab: Lab, folder: Path) -> None:
    write_notebook(folder / "plain.ipynb", ["x = 1", "y = x + 1"], kernel="bare")
    lab.open(f"{folder.name}/plain.ipynb")
    lab.run_all()
    expect(lab.panel).to_contain_text("Nothing is recorded here yet")
    expect(lab.panel).to_contain_text("pip install whence")
    lab.until_badges({})
    lab.panel.get_by_role("button", name="Insert as the first cell").click()
    expect(lab.panel).to_contain_text("It has not run.")
    first = lab.notebook.locator(".jp-Cell").first
    expect(first).to_contain_text("%load_ext whence")
    expect(first.locator(".jp-InputPrompt")).to_have_text("[ ]:")
    lab.run(1)
    expect(lab.notebook).to_contain_text("No module named 'whence'")
    expect(lab.panel).to_contain_text("Nothing is recorded here yet")


def test_hostile_names_and_cells_are_shown_as_text(lab: Lab, folder: Path) -> None:
    name = ATTACK.replace("/", "")
    sources = [
        "%load_ext whence",
        f"# {ATTACK}\nopen({name + '.csv'!r}, 'w').write('a,b\\n1,2\\n' * 99);",
        f"text = {ATTACK!r}\nraise ValueError(text)",
        "x = '\u202egpj.\u202c'",
    ]
    write_notebook(folder / f"{name}.ipynb", sources)
    lab.open(f"{folder.name}/{name}.ipynb")
    lab.run(1, 2, 3, 4)
    expect(lab.panel.get_by_role("heading", name=ATTACK)).to_be_visible()
    lab.tab("Cells")
    expect(lab.cell_row(f"# {ATTACK}")).to_contain_text("up to date")
    expect(lab.cell_row("text = ")).to_contain_text("failed")
    assert "\u202e" not in lab.panel.inner_text()
    for title in ("History", "Compare", "Share", "Flow"):
        lab.tab(title)
        expect(lab.panel.get_by_role("tabpanel")).to_be_visible()
    is_unhurt = "window.hurt === undefined && !document.querySelector('#whence-panel img')"
    assert lab.page.evaluate(is_unhurt)


def test_each_of_two_notebooks_has_its_own_record(lab: Lab, folder: Path) -> None:
    for name in ("one", "two"):
        write_notebook(folder / f"{name}.ipynb", ["%load_ext whence", f"{name} = 1", "both = 2"])
    lab.open(f"{folder.name}/one.ipynb", f"{folder.name}/two.ipynb")
    lab.run_all()
    expect(lab.panel.get_by_role("heading", name="two.ipynb")).to_be_visible()
    lab.shows("two", "both")
    lab.open_notebook(f"{folder.name}/one.ipynb")
    expect(lab.panel.get_by_role("heading", name="one.ipynb")).to_be_visible()
    expect(lab.panel).to_contain_text("Nothing is recorded here yet")
    lab.run_all()
    lab.shows("one", "both")
    assert "two" not in lab.things()
    lab.open_notebook(f"{folder.name}/two.ipynb")
    lab.shows("two", "both")
    assert "one" not in lab.things()


def test_five_thousand_cells_are_listed_and_drawn_in_part(lab: Lab, folder: Path) -> None:
    large_session(folder, 5000, 5000, ends=True)
    lab.open(f"{folder.name}/train.ipynb")
    expect(lab.panel).to_contain_text("This kernel records nothing")
    lab.tab("Cells")
    cells = lab.panel.get_by_role("list", name="Cells")
    expect(cells.get_by_role("listitem").first).to_have_attribute("aria-setsize", "5000")
    assert cells.get_by_role("listitem").count() < 60
    cells.evaluate("(list) => { list.scrollTop = list.scrollHeight }")
    expect(cells.locator("[aria-posinset='5000']")).to_be_visible()
    lab.tab("Flow")
    assert 100 < len(lab.things()) <= 4500  # two texts a thing, and the server's most of 2,000
    assert lab.page.evaluate("1 + 1") == 2  # the page still answers


def test_the_panel_is_walked_by_keys_and_read_aloud(lab: Lab, folder: Path) -> None:
    sources = ["%load_ext whence", "rows = [1, 2]", "total = sum(rows)"]
    write_notebook(folder / "train.ipynb", sources)
    lab.open(f"{folder.name}/train.ipynb")
    lab.run_all()
    lab.shows("total")
    tabs = lab.panel.get_by_role("tab")
    tabs.first.focus()
    for title in ("Cells", "History", "Compare", "Share", "Flow"):
        lab.page.keyboard.press("ArrowRight")
        expect(lab.panel.get_by_role("tab", name=re.compile(f"^{title}"))).to_be_focused()
        lab.page.evaluate(AXE.read_text())
        found = lab.page.evaluate("axe.run('#whence-panel', {resultTypes: ['violations']})")
        said = [
            f"{title} {one['id']}: {[node['target'] for node in one['nodes']]}"
            for one in found["violations"]
        ]
        assert said == []
    lab.tab("Cells")
    lab.cell_row("rows =").get_by_role("button").focus()
    lab.page.keyboard.press("ArrowDown")
    expect(lab.cell_row("total =").get_by_role("button")).to_be_focused()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCellIndex === 2")
    tree = lab.panel.get_by_role("tree")
    lab.tab("Flow")
    tree.focus()
    lab.page.keyboard.press("Home")
    expect(tree.get_by_role("treeitem", selected=True)).to_contain_text("cell In [3]")
