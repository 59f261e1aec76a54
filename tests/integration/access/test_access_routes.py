"""Every route of the app, asked by everyone who may not: driven by the operations themselves."""

import re

import pytest
from starlette.testclient import TestClient

from tests.support.access import KEPT_DIGEST, Home, bearer
from whence.server.access.noting import READING, action_of
from whence.server.access.principal import NOBODY
from whence.server.app import OPERATIONS, PREFIX
from whence.server.operation import Operation

PARTS = {
    "sha256": KEPT_DIGEST,
    "digest": KEPT_DIGEST,
    "run": "00" * 16,
    "segment": "00" * 16,
    "token": "ABCDEFGHIJK",
    "id": "00000000-0000-7000-8000-000000000000",
}
EVERY_OPERATION = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda o: f"{o.method} {o.path}"
)
OF_A_PROJECT = [one for one in OPERATIONS if "{project}" in one.path]


def path_of(operation: Operation, project: str = "churn") -> str:
    """The path with something in each of its places."""
    filled = operation.path.replace("{project}", project)
    return PREFIX + re.sub(r"\{([^}:]+)[^}]*\}", lambda place: PARTS[place[1]], filled)


def ask(client: TestClient, operation: Operation, token: str | None, project: str = "churn"):
    headers = {} if token is None else bearer(token)
    body = None if operation.method in READING else {}
    return client.request(operation.method, path_of(operation, project), headers=headers, json=body)


def needs_a_name(operation: Operation) -> bool:
    return bool(operation.scope) or operation.needs_name


@EVERY_OPERATION
def test_who_says_nothing_is_asked_to_sign_in(client: TestClient, operation: Operation):
    answer = ask(client, operation, None)
    if needs_a_name(operation):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    else:
        assert answer.status_code < 500


@EVERY_OPERATION
def test_a_token_that_is_unknown_expired_or_revoked_is_told_the_same(home: Home, client, operation):
    revoked = home.token("churn", "admin")
    home.access.register.revoke(home.id_of(revoked), NOBODY)
    live = home.token("churn", "admin")
    wrong = live[:-1] + ("A" if live[-1] != "A" else "B")
    unknown = f"wh_{'z' * 11}_{'z' * 43}"
    answers = [
        ask(client, operation, token)
        for token in (home.token("churn", "admin", lives=False), revoked, wrong, unknown)
    ]
    assert {one.status_code for one in answers} == {401}
    assert {one.headers["www-authenticate"] for one in answers} == {"Bearer"}
    assert len({one.content for one in answers}) == 1


@pytest.mark.parametrize("operation", OF_A_PROJECT, ids=lambda o: f"{o.method} {o.path}")
def test_anothers_project_and_one_that_is_not_there_are_told_the_same(home, client, operation):
    token = home.token("fraud", "admin")
    answers = [ask(client, operation, token, project) for project in ("churn", "nowhere")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text.replace("churn", "nowhere") == answers[1].text


@EVERY_OPERATION
def test_a_token_to_read_only_reads(home: Home, client: TestClient, operation: Operation):
    if "text/event-stream" in operation.gives:
        pytest.skip("it streams for ever; who may not is refused above")
    answer = ask(client, operation, home.token("churn"))
    if operation.scope in ("write", "admin"):
        assert answer.status_code == 403
    else:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500


def test_every_write_has_a_name_in_the_trail_or_adds_its_own_line():
    unnamed = {
        f"{one.method} {one.path}"
        for one in OPERATIONS
        if one.method not in READING and not action_of(one)
    }
    assert unnamed == {
        "POST /session", "DELETE /session", "POST /tokens", "DELETE /tokens/{token}",
        "POST /projects", *(f"POST {one.path}" for one in OPERATIONS if one.path.endswith("/sparql")
                            and one.method == "POST"),
    }  # fmt: skip


def test_a_project_lists_itself_to_those_who_may_read_it(home: Home, client: TestClient):
    def listed(token: str) -> list[tuple[str, list[str]]]:
        rows = client.get("/api/v1/projects", headers=bearer(token)).json()["projects"]
        return [(row["name"], row["rights"]) for row in rows]

    assert listed(home.token("churn", "write")) == [("churn", ["read", "write"])]
    assert listed(home.token("*")) == [("churn", ["read"]), ("fraud", ["read"])]


def test_a_digest_does_not_tell_that_another_project_has_it(home: Home, client: TestClient):
    path = f"/api/v1/projects/churn/content/{KEPT_DIGEST}"
    assert client.head(path, headers=bearer(home.token("churn", "admin"))).status_code == 404
    own = f"/api/v1/projects/fraud/content/{KEPT_DIGEST}"
    assert client.head(own, headers=bearer(home.token("fraud", "admin"))).is_success
    stranger = client.head(own, headers=bearer(home.token("churn", "admin")))
    nothing = client.head(own.replace(KEPT_DIGEST, "0" * 64), headers=bearer(home.token("churn")))
    assert (stranger.status_code, nothing.status_code) == (404, 404)


def test_an_admin_of_one_project_administrates_that_one_alone(home: Home, client: TestClient):
    own = bearer(home.token("churn", "admin"))
    others = home.token("fraud", "write")
    make = {"name": "ci", "project": "churn", "scope": "write"}
    made = client.post("/api/v1/tokens", json=make, headers=own)
    assert (made.status_code, made.json()["project"]) == (200, "churn")
    for project in ("fraud", "nowhere", "*"):
        refused = client.post("/api/v1/tokens", json=make | {"project": project}, headers=own)
        assert refused.status_code == 403
        assert (
            client.post("/api/v1/projects", json={"name": project}, headers=own).status_code == 403
        )
    listed = client.get("/api/v1/tokens", headers=own).json()["items"]
    assert {row["project"] for row in listed} == {"churn"}
    assert not any("token" in row for row in listed)
    for token in (home.id_of(others), "ABCDEFGHIJK"):
        assert client.delete(f"/api/v1/tokens/{token}", headers=own).status_code == 404
    assert client.get("/api/v1/audit", headers=own).status_code == 403
    seen = client.get("/api/v1/audit?project=churn", headers=own).json()["items"]
    assert {row["project"] for row in seen} == {"churn"}
    assert client.get("/api/v1/audit?project=fraud", headers=own).status_code == 403


def test_a_token_that_was_made_works_until_it_is_revoked(home: Home, client: TestClient):
    admin = bearer(home.token("*", "admin"))
    make = {"name": "ci", "project": "new-project", "scope": "read", "expires": "30d"}
    made = client.post("/api/v1/tokens", json=make, headers=admin).json()
    status = "/api/v1/projects/new-project/status"
    assert client.get(status, headers=bearer(made["token"])).status_code == 200
    assert client.delete(f"/api/v1/tokens/{made['id']}", headers=admin).status_code == 204
    assert client.get(status, headers=bearer(made["token"])).status_code == 401


def test_what_is_open_to_all_names_no_project(home: Home, client: TestClient):
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers=bearer(home.token("churn", "admin"))).status_code == 403
    figures = client.get("/metrics", headers=bearer(home.token("*")))
    assert (figures.status_code, "churn" in figures.text) == (200, True)
    for path in ("/health", "/api/v1/", "/api/v1/openapi.json", "/", "/projects/churn", "/nope"):
        answer = client.get(path)
        assert answer.status_code < 500
        assert "churn" not in answer.text.replace("/projects/churn", "")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "wh_",
        "wh__",
        "a" * 1_000_000,
        "wh_" + "ü" * 60,
        "\x00",
        "wh_%00",
        "wh_" + "💥" * 60,
        "\xff",
    ],
    ids=["empty", "prefix", "bars", "1 MB", "umlauts", "NUL", "escaped NUL", "emoji", "latin-1"],
)
def test_a_hostile_token_is_no_token(client: TestClient, token: str):
    raw = {"authorization": b"Bearer " + token.encode()}
    answer = client.get("/api/v1/projects/churn/status", headers=raw)
    cookie = client.get(
        "/api/v1/projects/churn/status", headers={"cookie": b"whence_session=" + token.encode()}
    )
    assert (answer.status_code, cookie.status_code) == (401, 401)
    signed_in = client.post("/api/v1/session", json={"token": token})
    assert signed_in.status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "Bearer", "BEARER ", ""])
def test_only_a_bearer_token_is_taken(home: Home, client: TestClient, scheme: str):
    headers = {"Authorization": f"{scheme} {home.token('churn')}"}
    answer = client.get("/api/v1/projects/churn/status", headers=headers)
    assert answer.status_code == (200 if scheme.strip().lower() == "bearer" else 401)
