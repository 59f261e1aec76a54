"""The page's session: cookie flags, fixation, expiry, and what a foreign page can't do."""

from http.cookies import SimpleCookie

import pytest
from starlette.testclient import TestClient

from tests.support.access import ADMIN, Home, bearer
from whence._base.clock import wall_ns
from whence.server.access import session as sessions
from whence.server.access.tokens import TokenAccess

SESSION = "/api/v1/session"
STATUS = "/api/v1/projects/churn/status"
OURS = {"X-Whence": "1"}
"""What the page sends with each change, and no foreign page can."""


def sign_in(client: TestClient, token: str):
    return client.post(SESSION, json={"token": token}, headers=OURS)


def cookie_of(answer) -> dict[str, str]:
    [morsel] = SimpleCookie(answer.headers["set-cookie"]).values()
    return {key: str(value) for key, value in morsel.items() if value} | {"value": morsel.value}


def test_a_token_signs_in_and_signing_out_ends_it(home: Home, client: TestClient):
    nobody = client.get(SESSION).json()
    assert nobody == {"name": "nobody", "signed_in": False, "grants": []}
    signed_in = sign_in(client, home.token("churn", "write"))
    grants = [{"project": "churn", "scope": "write"}]
    assert signed_in.json() == {"name": "t", "signed_in": True, "grants": grants}
    assert client.get(SESSION).json() == signed_in.json()
    assert client.get(STATUS).status_code == 200
    value = client.cookies["whence_session"]
    assert client.delete(SESSION, headers=OURS).status_code == 204
    assert "whence_session" not in client.cookies
    assert client.get(STATUS, headers={"cookie": f"whence_session={value}"}).status_code == 401


@pytest.mark.parametrize(
    ("base", "secure"), [("http://testserver", False), ("https://testserver", True)]
)
def test_the_cookie_is_for_this_site_alone_and_no_script(home, client, base, secure):
    client.base_url = base
    cookie = cookie_of(sign_in(client, home.token("churn")))
    assert len(cookie.pop("value")) == 43
    expected = {"max-age": "43200", "path": "/", "samesite": "strict", "httponly": "True"}
    assert cookie == expected | ({"secure": "True"} if secure else {})


def test_a_session_that_was_planted_is_not_taken_over(home: Home, client: TestClient):
    planted = "A" * 43
    client.cookies.set("whence_session", planted)
    given = cookie_of(sign_in(client, home.token("churn")))["value"]
    assert given != planted
    assert client.get(STATUS, headers={"cookie": f"whence_session={planted}"}).status_code == 401


def test_signing_in_again_ends_the_session_before(home: Home, client: TestClient):
    first = cookie_of(sign_in(client, home.token("churn")))["value"]
    second = cookie_of(sign_in(client, home.token("churn")))["value"]
    client.cookies.clear()
    seen = [
        client.get(STATUS, headers={"cookie": f"whence_session={value}"}).status_code
        for value in (first, second)
    ]
    assert seen == [401, 200]


def test_a_session_ends_with_its_token(home: Home, client: TestClient):
    token = home.token("churn")
    sign_in(client, token)
    assert client.get(STATUS).status_code == 200
    home.access.revoke(home.id_of(token), ADMIN)
    assert client.get(STATUS).status_code == 401


@pytest.mark.parametrize(
    ("made_ago", "used_ago", "lives"),
    [(0, 0, True), (0, sessions.IDLE_NS, False), (sessions.LONGEST_NS, 0, False),
     (sessions.IDLE_NS, sessions.HOUR_NS, True)],
    ids=["new", "idle for 12 hours", "a week old", "in use for 12 hours"],
)  # fmt: skip
def test_a_session_ends_12_hours_after_its_last_use_or_after_a_week(
    home: Home, client: TestClient, made_ago: int, used_ago: int, lives: bool
):
    sign_in(client, home.token("churn"))
    now = wall_ns()
    home.access.database.write(
        "UPDATE session SET made_at = ?, used_at = ?", now - made_ago, now - used_ago
    )
    assert client.get(STATUS).status_code == (200 if lives else 401)


def test_use_prolongs_a_session(home: Home, client: TestClient):
    sign_in(client, home.token("churn"))
    almost = wall_ns() - 11 * sessions.HOUR_NS
    home.access.database.write("UPDATE session SET used_at = ?", almost)
    assert client.get(STATUS).status_code == 200
    home.access.close()
    again = TokenAccess(home.folder / "access.sqlite")
    [(used_at,)] = again.database.all("SELECT used_at FROM session")
    again.close()
    assert used_at > almost


def test_the_file_holds_no_session_and_no_token_that_could_be_used(home: Home, client: TestClient):
    token = home.token("churn")
    session = cookie_of(sign_in(client, token))["value"]
    home.access.close()
    held = b"".join(path.read_bytes() for path in home.folder.glob("access.sqlite*"))
    assert session.encode() not in held
    assert token.split("_")[2].encode() not in held
    assert home.id_of(token).encode() in held


def test_a_form_of_a_foreign_page_signs_nobody_in(home: Home, client: TestClient):
    body = f'{{"token": "{home.token("churn")}"}}'
    answer = client.post(SESSION, content=body, headers={"Content-Type": "text/plain", **OURS})
    assert (answer.status_code, "set-cookie" in answer.headers) == (400, False)


def test_a_bad_token_is_not_mended_by_a_good_cookie(home: Home, client: TestClient):
    sign_in(client, home.token("churn"))
    assert client.get(STATUS, headers=bearer("wh_x_y")).status_code == 401


def test_a_stale_cookie_does_not_keep_from_signing_in(home: Home, client: TestClient):
    client.cookies.set("whence_session", "B" * 43)
    assert client.get("/api/v1/").json()["auth"] is True
    assert sign_in(client, home.token("churn")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 204),
        ({}, 403),
        (OURS | {"Origin": "https://evil.example"}, 403),
        (OURS | {"Origin": "null"}, 403),
        (OURS | {"Sec-Fetch-Site": "cross-site"}, 403),
        (OURS | {"Sec-Fetch-Site": "same-site"}, 403),
        (OURS | {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, 204),
    ],
)
def test_a_foreign_page_changes_nothing_with_the_cookie(home, client, headers, status):
    sign_in(client, home.token("*", "admin"))
    path = f"/api/v1/tokens/{home.id_of(home.token('churn'))}"
    assert client.delete(path, headers=headers).status_code == status
    assert sum(row.revoked_at is not None for row in home.access.register.rows()) == (status == 204)


def test_a_foreign_page_signs_nobody_in(home: Home, client: TestClient):
    body, headers = {"token": home.token("churn")}, {"Origin": "https://evil.example"}
    answer = client.post(SESSION, json=body, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_nothing_is_told_to_a_foreign_page(home: Home, client: TestClient):
    sign_in(client, home.token("churn"))
    for method in ("GET", "OPTIONS"):
        answer = client.request(method, STATUS, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
