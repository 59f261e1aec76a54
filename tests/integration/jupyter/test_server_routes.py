"""What a real Jupyter server answers under ``whence/api/`` of notebooks that were recorded."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from tests.support.served_notebooks import CELLS, PAGE, PICTURE, Served
from whence._base.digest import digest_bytes
from whence._base.ids import format_id


def test_the_status_names_the_store_and_the_newest_session(served: Served) -> None:
    status = served.server.get("status", path="nb/train.ipynb").json()

    assert status["store"] == str(served.root / ".whence")
    assert status["session"] == served.sessions[1]
    assert status["recording"] is False
    assert "%load_ext whence" in status["add"]


def test_the_sessions_of_a_notebook_come_newest_first(served: Served) -> None:
    found = served.server.get("sessions", path="nb/train.ipynb").json()["sessions"]

    assert [one["id"] for one in found] == served.sessions[::-1]
    assert [one["executions"] for one in found] == [8, 1]
    assert found[0] == {
        "id": served.sessions[1],
        "name": "train.ipynb",
        "notebook": str(served.root / "train.ipynb"),
        "status": "finished",
        "started_at": found[0]["started_at"],
        "ended_at": found[0]["ended_at"],
        "executions": 8,
        "kernel": "kernel-1",
    }


def test_the_view_tells_of_each_cell_in_the_order_of_the_notebook(served: Served) -> None:
    view = _view(served)
    cells = {one["id"]: one for one in view["cells"]}

    assert [(one["id"], one["index"]) for one in view["cells"]] == [
        ("load", 0), ("fit", 1), ("late", 2), ("never", 3), ("gone", None),
    ]  # fmt: skip
    assert {name: one["executions"] for name, one in cells.items()} == {
        "load": 2, "fit": 2, "late": 2, "never": 0, "gone": 2,
    }  # fmt: skip
    assert (cells["load"]["state"], cells["never"]["state"]) == ("fresh", "not-run")
    assert (cells["gone"]["state"], cells["gone"]["status"]) == ("edited", "failed")
    assert (cells["fit"]["state"], cells["late"]["state"]) == ("fresh", "stale")
    assert "In [8]" in cells["late"]["reasons"][0]
    assert (cells["fit"]["defines"], cells["fit"]["uses"]) == (["model"], ["df"])
    assert cells["load"]["files"] == []
    assert cells["never"]["source"] == "x = df + '1'"


def test_what_only_the_kernel_remembers_is_told(served: Served) -> None:
    found = _view(served)["only_in_memory"]

    assert [(one["name"], one["cell"]) for one in found] == [("z", "gone")]


def test_the_graph_goes_from_data_over_cells_and_variables_to_the_model_in_order_of_time(
    served: Served,
) -> None:
    graph = _view(served)["graph"]
    nodes = {node["id"]: node for node in graph["nodes"]}
    edges = {
        (
            nodes[edge["source"]]["name"],
            edge["relation"],
            nodes[edge["target"]]["name"],
            edge["known"],
        )
        for edge in graph["edges"]
    }

    assert {
        ("In [1]", "used", "data.csv", "observed"),
        ("df", "wasGeneratedBy", "In [1]", "observed"),
        ("In [2]", "used", "df", "inferred"),
        ("model", "wasGeneratedBy", "In [2]", "observed"),
        ("Ridge", "wasGeneratedBy", "In [2]", "observed"),
        ("In [4]", "used", "model", "inferred"),
    } <= edges
    orders = [node["attributes"]["order"] for node in graph["nodes"]]
    assert orders == sorted(orders)
    at = {(node["name"], node["attributes"].get("execution")): node for node in graph["nodes"]}
    assert at["In [1]", 1]["attributes"]["state"] == "earlier"  # what the model rests on
    assert at["df", 1]["attributes"]["columns"] == ["a", "b"]
    assert at["df", 1]["attributes"]["summary"] == "DataFrame 20 × 2"
    assert "columns" not in at["df", 5]["attributes"]  # of the other state nothing was seen


def test_the_view_goes_back_to_any_execution(served: Served) -> None:
    view = _view(served, at=2)

    assert view["at"] == 2
    assert [one["n"] for one in view["executions"]] == [1, 2]
    assert {one["id"]: one["state"] for one in view["cells"]} == {
        "load": "fresh", "fit": "fresh", "late": "not-run", "never": "not-run",
    }  # fmt: skip
    assert _view(served, at=9_999)["at"] == 8
    assert [one["n"] for one in _view(served, since=6)["executions"]] == [7, 8]


def test_an_earlier_session_is_shown_when_it_is_asked_for(served: Served) -> None:
    view = _view(served, session=served.sessions[0])

    assert view["session"]["id"] == served.sessions[0]
    assert [one["cell"] for one in view["executions"]] == ["load"]


def test_a_picture_is_given_as_one_and_a_page_as_text_that_does_not_run(served: Served) -> None:
    picture, page = (
        served.server.get("output", session=served.sessions[1], digest=format_id(digest_bytes(one)))
        for one in (PICTURE, PAGE)
    )

    assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/png")
    assert (page.content, page.headers["content-type"]) == (PAGE, "text/plain; charset=utf-8")
    for answer in (picture, page):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")


def test_an_output_of_another_session_and_a_source_are_not_given(served: Served) -> None:
    source = format_id(digest_bytes(CELLS["load"].encode()))
    answers = [
        served.server.get(
            "output", session=served.sessions[0], digest=format_id(digest_bytes(PAGE))
        ),
        served.server.get("output", session=served.sessions[1], digest=source),
    ]

    assert [(one.status_code, one.json()["reason"]) for one in answers] == [(404, "not-known")] * 2


def test_a_session_is_exported_as_a_file_in_two_formats(served: Served) -> None:
    prov = served.server.get("export", session=served.sessions[1], format="prov-json")
    crate = served.server.get("export", session=served.sessions[1], format="ro-crate")

    assert prov.headers["content-disposition"] == 'attachment; filename="train.json"'
    assert "activity" in json.loads(prov.content)
    assert crate.headers["content-disposition"] == 'attachment; filename="train.zip"'
    with zipfile.ZipFile(io.BytesIO(crate.content)) as archive:
        assert any(name.endswith("ro-crate-metadata.json") for name in archive.namelist())


def test_two_sessions_and_two_executions_are_compared(served: Served) -> None:
    left, right = served.sessions
    sessions = served.server.get("compare", left=left, right=right).json()
    executions = served.server.get("compare", session=right, left=6, right=7).json()

    assert (sessions["left"], sessions["right"]) == (left, right)
    assert {one["id"]: one["change"] for one in sessions["cells"]}["fit"] == "added"
    assert "+1 / 0" in executions["cells"][0]["source_diff"]


def test_the_data_here_are_compared_with_those_that_were_recorded(served: Served) -> None:
    items = served.server.get("same", path="nb/train.ipynb").json()["items"]

    assert [(one["name"], one["same"]) for one in items] == [("data.csv", True)]


def _view(served: Served, **query: object) -> dict[str, Any]:
    answer = served.server.get("view", path="nb/train.ipynb", **query)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view
