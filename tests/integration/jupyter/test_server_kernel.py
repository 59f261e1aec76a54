"""A real kernel and a real Jupyter server: what the panel is told while cells run, and after."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.support.jupyter_server import PATIENCE_S, JupyterServer
from tests.support.kernel import kernel
from tests.support.notebook_journal import write_notebook
from tests.support.served_notebooks import Served

CELLS = {
    "imports": "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "load": "df = pd.read_csv('data.csv')",
    "feature": "df['z'] = df.x * 2",
    "narrow": "df = df.iloc[1:]",
    "fit": "model = LogisticRegression().fit(df[['x', 'z']], df.y)",
    "bad": "1 / 0",
    "wait": "print('waiting', flush=True)\nimport time\ntime.sleep(300)",
}


def test_a_session_is_followed_while_it_runs_and_told_as_interrupted_once_it_was_killed(
    served: Served,
) -> None:
    root, server = served.top, served.server
    folder = root / "work"
    folder.mkdir()
    rows = "".join(f"{n},{n % 2}\n" for n in range(40))
    (folder / "data.csv").write_text(f"x,y\n{rows}")
    notebook = folder / "train.ipynb"
    write_notebook(notebook, CELLS)

    with kernel(folder, WHENCE_NOTEBOOK=str(notebook)) as running:
        for cell in ("imports", "load", "feature", "narrow", "fit", "bad", "narrow"):
            running.run(CELLS[cell], cell)
        running.send(CELLS["wait"], "wait")
        running.wait_for_output("waiting")

        status = server.get("status", path="work/train.ipynb").json()
        assert (status["recording"], status["add"]) == (True, "")
        view = _until(server, lambda view: len(view["executions"]) == 8)
        states = {one["id"]: one["state"] for one in view["cells"]}
        assert states["wait"] == "running"
        assert states["bad"] == "failed"
        assert (states["fit"], states["narrow"]) == ("fresh", "stale")
        assert view["session"]["status"] == "running"
        _check_graph(view["graph"])
        running.kill()

    view = _until(server, lambda view: view["session"]["status"] == "interrupted")
    last = view["executions"][-1]
    assert (last["cell"], last["status"]) == ("wait", "interrupted")
    status = server.get("status", path="work/train.ipynb").json()
    assert status["recording"] is False
    assert status["session"] == view["session"]["id"]


def _check_graph(graph: dict[str, Any]) -> None:
    nodes = {node["id"]: node for node in graph["nodes"]}
    edges = {
        (nodes[edge["source"]]["name"], edge["relation"], nodes[edge["target"]]["name"])
        for edge in graph["edges"]
    }
    assert {
        ("In [2]", "used", "data.csv"),
        ("df", "wasGeneratedBy", "In [2]"),
        ("In [3]", "used", "df"),
        ("In [5]", "used", "df"),
        ("model", "wasGeneratedBy", "In [5]"),
        ("LogisticRegression", "wasGeneratedBy", "In [5]"),
    } <= edges
    model = next(node for node in nodes.values() if node["name"] == "model")
    assert model["attributes"]["columns"] == ["x", "z"]
    assert model["attributes"]["summary"] == "LogisticRegression"


def test_a_kernel_without_whence_is_told_how_to_add_it(served: Served) -> None:
    root, server = served.top, served.server
    folder = root / "bare"
    folder.mkdir()
    write_notebook(folder / "bare.ipynb", {"a": "x = 1"})

    with kernel(folder, load="", WHENCE_NOTEBOOK=str(folder / "bare.ipynb")) as running:
        running.run("x = 1", "a")
        status = server.get("status", path="bare/bare.ipynb").json()
        view = server.get("view", path="bare/bare.ipynb")

    assert (status["recording"], status["session"]) == (False, None)
    assert "%load_ext whence" in status["add"]
    assert (view.status_code, view.json()["reason"]) == (404, "not-known")


def test_where_no_store_is_the_status_says_so_and_the_rest_is_one_sentence(
    served: Served,
) -> None:
    root, server = served.top, served.server
    write_notebook(root / "new.ipynb", {"a": "x = 1"})

    status = server.get("status", path="new.ipynb").json()
    view = server.get("view", path="new.ipynb")

    assert (status["store"], status["recording"], status["session"]) == (None, False, None)
    assert (view.status_code, view.json()["reason"]) == (404, "store-not-found")


def _until(server: JupyterServer, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The view once something holds of it."""
    until = time.monotonic() + PATIENCE_S
    while True:
        answer = server.get("view", path="work/train.ipynb")
        view: dict[str, Any] = answer.json()
        if answer.status_code == 200 and holds(view):
            return view
        assert time.monotonic() < until, view
        time.sleep(0.1)
