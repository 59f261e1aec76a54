"""Whom and what a real Jupyter server refuses under ``whence/api/``, and how it says so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.served_notebooks import Served


def test_names_and_sources_that_are_markup_come_as_they_are_in_json(served: Served) -> None:
    answer = served.server.get("view", path="nb/o'd%d.ipynb")
    view = answer.json()

    assert answer.headers["content-type"] == "application/json"
    assert view["cells"][0]["id"] == "<img src=x onerror=alert(1)>"
    assert view["cells"][0]["source"] == "'</script>' ; ?"
    assert {n["name"] for n in view["graph"]["nodes"]} >= {"<b>", "y"}


def test_without_the_token_nothing_is_answered(served: Served) -> None:
    with httpx.Client(base_url=served.server.url, trust_env=False) as stranger:
        answers = {
            route: stranger.get(
                f"whence/api/{route}", params={"path": "nb/train.ipynb"}
            ).status_code
            for route in ("status", "sessions", "view", "compare", "export", "same", "output")
        }
        wrong = stranger.get(
            "whence/api/status", params={"path": "nb/train.ipynb"},
            headers={"Authorization": "token wrong"},
        )  # fmt: skip

    assert set(answers.values()) == {403}
    assert wrong.status_code == 403


def test_another_origin_is_not_answered(served: Served) -> None:
    answer = served.server.client.get(
        "whence/api/status", params={"path": "nb/train.ipynb"},
        headers={"Origin": "http://elsewhere.example", "Authorization": ""},
    )  # fmt: skip

    assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    ["../train.ipynb", "nb/away/../../../train.ipynb", "/../../etc/x.ipynb", "~/../../../x.ipynb"],
)
def test_a_path_that_leads_out_of_the_folder_is_refused(served: Served, path: str) -> None:
    answers = [
        served.server.get(route, path=path) for route in ("status", "sessions", "view", "same")
    ]
    answers.append(served.server.get("compare", left=path, right="nb/train.ipynb"))

    assert {one.status_code for one in answers} == {403}
    assert {one.json()["reason"] for one in answers} == {"not-allowed"}


def test_what_is_asked_wrongly_gets_one_sentence_and_a_code(served: Served) -> None:
    def refused(route: str, **query: object) -> tuple[int, Any]:
        answer = served.server.get(route, **query)
        assert set(answer.json()) == {"message", "reason"}
        return answer.status_code, answer.json()["reason"]

    assert refused("view") == (400, "usage")
    assert refused("view", path="nb/train.ipynb", at="many") == (400, "usage")
    assert refused("view", path="nb/train.ipynb", session="no such") == (404, "not-known")
    assert refused("view", path="nb/new.ipynb") == (404, "not-known")
    assert refused("export", session=served.sessions[1], format="../x") == (400, "usage")
    unknown = {"path": "nb/train.ipynb", "session": "0" * 32, "format": "prov-json"}
    assert refused("export", **unknown) == (404, "not-known")
    assert refused("compare", left=served.sessions[0]) == (400, "usage")
    assert refused("compare", left="a", right="b") == (400, "usage")
    assert refused("output", session=served.sessions[1], digest="x") == (404, "not-known")


def test_a_link_is_followed_and_its_sessions_are_found(served: Served) -> None:
    link = served.root / "away" / "linked.ipynb"
    if not link.exists():
        link.symlink_to(served.root / "train.ipynb")

    found = served.server.get("sessions", path="nb/away/linked.ipynb").json()["sessions"]

    assert [one["id"] for one in found] == served.sessions[::-1]
