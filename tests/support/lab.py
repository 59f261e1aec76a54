"""A JupyterLab of its own, and its notebooks as a person has them in a browser."""

import json
import os
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Served, serving

TOKEN = "whence-e2e"
# Jupyter asks whether it may fetch news, in a window over all others.
_CONFIG = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


@contextmanager
def lab_in(folder: Path, home: Path, bin: Path, **env: str) -> Iterator[Served]:
    """JupyterLab of the environment ``bin`` serves ``folder``; its settings lie in ``home``."""
    config = home / "config" / "labconfig"
    config.mkdir(parents=True, exist_ok=True)
    (config / "page_config.json").write_text(json.dumps(_CONFIG))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        **env,
    }
    command = [
        "env", *(f"{key}={value}" for key, value in given.items()),
        str(bin / "jupyter"), "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", "--allow-root", "--expose-app-in-browser",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with serving(command, folder) as served:
        yield served


def write_bare_kernel(home: Path, bin: Path) -> None:
    """A kernel named ``bare`` that does not find Whence, for a JupyterLab of that home."""
    code = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'whence': raise ModuleNotFoundError(\"No module named 'whence'\")\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "from ipykernel.kernelapp import launch_new_instance\n"
        "launch_new_instance()\n"
    )
    spec = home / "data" / "kernels" / "bare" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(bin / "python"), "-c", code, "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "bare", "language": "python"}))


def write_notebook(path: Path, sources: Sequence[str], kernel: str = "python3") -> None:
    """A notebook of code cells whose ids are ``cell-1``, ``cell-2`` ..."""
    cells = [
        {
            "cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": source,
            "outputs": [], "execution_count": None,
        }
        for n, source in enumerate(sources, 1)
    ]  # fmt: skip
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    document = {
        "cells": cells,
        "metadata": {"kernelspec": spec},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(document))


class Lab:
    """JupyterLab in a page: what a person does there, and what Whence's panel says."""

    def __init__(self, page: Page, served: Served) -> None:
        self.page = page
        self.served = served
        self.panel = page.locator("#whence-panel")
        self.notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def open(self, *paths: str) -> None:
        """JupyterLab with these notebooks, the last in view, and Whence's panel beside it."""
        self.page.goto(f"{self.served.url}/lab?reset&token={TOKEN}")
        self.page.wait_for_function("window.jupyterapp?.restored", timeout=60_000)
        self.page.evaluate("jupyterapp.restored")
        for path in paths:
            self.open_notebook(path)
        self.execute("whence:open")
        expect(self.panel).to_be_visible()

    def open_notebook(self, path: str) -> None:
        self.execute("docmanager:open", path=path)
        tab = self.page.locator(".jp-mod-current.lm-TabBar-tab", has_text=Path(path).name)
        expect(tab).to_have_count(1)
        self.until_idle()

    def execute(self, command: str, **args: Any) -> None:
        """Run a command of JupyterLab."""
        self.page.evaluate("([id, args]) => jupyterapp.commands.execute(id, args)", [command, args])

    def execute_and_go_on(self, command: str) -> None:
        """Start a command of JupyterLab that takes its time."""
        self.page.evaluate("(id) => void jupyterapp.commands.execute(id)", command)

    def until_idle(self) -> None:
        """Wait until the kernel of the notebook in view has nothing to do."""
        self.page.wait_for_function(
            "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )

    def select(self, *cells: int) -> None:
        """Make these cells, numbered from 1, the chosen one after the other."""
        for cell in cells:
            self.page.evaluate(
                "(n) => { const { content } = jupyterapp.shell.currentWidget;"
                " content.deselectAll(); content.activeCellIndex = n - 1; }",
                cell,
            )

    def run(self, *cells: int) -> None:
        """Run cells, numbered from 1, in this order."""
        for cell in cells:
            self.select(cell)
            self.execute("notebook:run-cell")
            self.until_idle()

    def run_all(self) -> None:
        self.execute("notebook:run-all-cells")
        self.until_idle()

    def edit(self, cell: int, source: str) -> None:
        """Give a cell another text; nothing runs, nothing is saved."""
        self.page.evaluate(
            "([n, text]) => jupyterapp.shell.currentWidget.content.widgets[n - 1]"
            ".model.sharedModel.setSource(text)",
            [cell, source],
        )

    def chosen(self) -> int:
        """The number of the cell that is selected in the notebook, from 1."""
        at: int = self.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
        return at + 1

    def delete(self, cell: int) -> None:
        self.select(cell)
        self.execute("notebook:delete-cell")

    def restart(self) -> None:
        """Restart the kernel, as the person says who is asked."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        self.until_idle()

    def kernel(self) -> str:
        """The id of the kernel of the notebook in view."""
        found: str = self.page.evaluate(
            "jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
        )
        return found

    def theme(self, name: str) -> None:
        """Change the theme, and wait until its colours are there."""
        self.execute("apputils:change-theme", theme=name)
        self.page.wait_for_function(
            "(name) => document.body.dataset.jpThemeName === name", arg=name, timeout=60_000
        )
        self.page.wait_for_timeout(400)  # for a picture: the drawing follows in the next frames

    def shut_down(self) -> None:
        """End all kernels."""
        if self.page.url.startswith("http"):
            self.page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")

    def things(self) -> set[str]:
        """The names in the drawing, as its SVG has them."""
        self.tab("Share")
        with self.page.expect_download() as saved:
            self.panel.get_by_role("button", name="Save as SVG").click()
        self.tab("Flow")
        return set(re.findall(r"<text[^>]*>([^<]+)</text>", Path(saved.value.path()).read_text()))

    def shows(self, *wanted: str) -> None:
        """Wait until the drawing has these names."""
        for _ in range(120):
            found = self.things()
            if set(wanted) <= found:
                return
            self.page.wait_for_timeout(250)
        assert set(wanted) - found == set()

    def tab(self, title: str) -> None:
        self.panel.get_by_role("tab", name=re.compile(f"^{title}")).click()

    def cell_row(self, text: str) -> Locator:
        """The line about a cell in the panel's list."""
        rows = self.panel.get_by_role("list", name="Cells").get_by_role("listitem")
        return rows.filter(has_text=text)

    def until_badges(self, said: Mapping[str, str]) -> None:
        """Wait until that is what the marks in the notebook say, by the number of the cell."""
        self.page.wait_for_function(
            "(said) => JSON.stringify(said) === JSON.stringify(Object.fromEntries("
            "jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) =>"
            " cell.node.dataset.whenceSays ? [[String(i + 1), cell.node.dataset.whenceSays]]"
            " : [])))",
            arg=said,
            timeout=60_000,
        )
