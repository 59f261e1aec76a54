"""The trail: what it holds, that it loses nothing, and what is when it can't be written."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from tests.support.access import ADMIN, KEPT, KEPT_DIGEST, Home, bearer
from whence._base.errors import NotAuditedError
from whence.server.access import trail as trails

CONTENT = f"/api/v1/projects/churn/content/{KEPT_DIGEST}"


def lines(home: Home) -> list[tuple[str, str, str | None, str, int]]:
    return [
        (row.who, row.action, row.project, row.subject, row.times)
        for row in home.access.trail.each()
    ]


def fill(home: Home) -> None:
    """Have the file not grow any more, as on a full disk."""
    [(pages,)] = home.access.database.all("PRAGMA page_count")
    home.access.database.write(f"PRAGMA max_page_count = {pages}")

    def write() -> None:
        for _ in range(1000):
            home.access.record(ADMIN, "fill", None, "x" * trails.LONGEST)

    with pytest.raises(NotAuditedError):
        write()


def test_what_is_done_and_refused_is_in_the_trail_and_no_token_is(home: Home, client: TestClient):
    token = home.token("churn", "write")
    id = home.id_of(token)
    for _ in range(3):
        assert client.put(CONTENT, content=KEPT, headers=bearer(token)).is_success
    assert client.get("/api/v1/tokens", headers=bearer(token)).status_code == 403
    for _ in range(2):
        assert client.get("/api/v1/projects/fraud/status", headers=bearer(token)).status_code == 404
        assert client.get("/api/v1/projects/fraud/status").status_code == 401
    client.post("/api/v1/session", json={"token": token}, headers={"X-Whence": "1"})
    client.post("/api/v1/session", json={"token": "wrong"}, headers={"X-Whence": "1"})
    assert lines(home) == [
        ("the test", "create token", "churn", f"{id} 't' write", 1),
        (f"t (token {id})", "keep content", "churn", "", 3),
        (f"t (token {id})", "refused", None, "GET /tokens", 1),
        (f"t (token {id})", "refused", "fraud", "GET /projects/{project}/status", 2),
        ("nobody (at testclient)", "refused", None, "GET /projects/{project}/status", 2),
        (f"t (token {id})", "sign in", None, "by token", 1),
        ("nobody (at testclient)", "refused", None, "sign in", 1),
    ]


def test_the_minute_is_what_sums(home: Home, monkeypatch: pytest.MonkeyPatch):
    start = 1_790_000_040 * 1_000_000_000
    for second in (0, 59, 60, 61):
        monkeypatch.setattr(trails, "wall_ns", lambda second=second: start + second * 10**9)
        home.access.count(ADMIN, "segments", "churn", "")
    rows = home.access.trail.rows()
    assert [(row.at[11:19], row.last_at[11:19], row.times) for row in rows] == [
        ("14:14:00", "14:14:59", 2), ("14:15:00", "14:15:01", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM trail", "UPDATE trail SET who = 'x'", "UPDATE trail SET times = 0",
     "UPDATE trail SET times = times + 1, subject = 'x'", "UPDATE trail SET times = 9"],
)  # fmt: skip
def test_the_file_refuses_to_lose_or_change_a_line(home: Home, change: str):
    home.access.count(ADMIN, "segments", "churn", "")
    home.access.record(ADMIN, "export", "churn", "")
    before = lines(home)
    raw = sqlite3.connect(home.folder / "access.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(change)
    raw.close()
    assert lines(home) == before


def test_on_a_full_disk_reads_go_on_and_writes_are_refused(home: Home, client: TestClient):
    token, reader = home.token("churn", "admin"), home.token("churn")
    fill(home)
    assert client.get("/api/v1/projects/churn/status", headers=bearer(reader)).status_code == 200
    assert client.get("/api/v1/projects/fraud/status", headers=bearer(reader)).status_code == 404
    refused = client.put(CONTENT, content=KEPT, headers=bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (503, "not-audited")
    assert client.head(CONTENT, headers=bearer(token)).status_code == 404
    make = {"name": "ci", "project": "churn", "scope": "read"}
    count = len(home.access.register.rows())
    assert client.post("/api/v1/tokens", json=make, headers=bearer(token)).status_code == 503
    assert len(home.access.register.rows()) == count
    signing = client.post("/api/v1/session", json={"token": token}, headers={"X-Whence": "1"})
    assert signing.status_code == 503
    new = client.post("/api/v1/projects", json={"name": "churn"}, headers=bearer(token))
    assert new.status_code == 200  # it is there: nothing is done


def test_the_trail_is_read_page_by_page(home: Home, client: TestClient):
    for number in range(5):
        home.access.record(ADMIN, "export", "churn", str(number))
    admin, seen, cursor = bearer(home.token("*", "admin")), [], 0
    while cursor is not None:
        answer = client.get(f"/api/v1/audit?limit=2&cursor={cursor}", headers=admin)
        seen += [row.get("subject") for row in answer.json()["items"] if row["action"] == "export"]
        cursor = answer.json()["next"]
    assert seen == ["0", "1", "2", "3", "4"]
    later = client.get("/api/v1/audit?since=2999-01-01", headers=admin)
    assert later.json() == {"items": [], "next": None}
    wrong = [
        client.get(f"/api/v1/audit?{q}", headers=admin)
        for q in ("since=x", "limit=0", "a=1", f"cursor={1 << 70}")
    ]
    assert {one.status_code for one in wrong} == {400}


def test_hostile_text_is_a_line_that_a_terminal_does_not_obey(home: Home):
    home.access.record(ADMIN, "export", "churn", "a\x1b[2J\nb\u202e\udc80" + "x" * 999)
    [row] = home.access.trail.rows()
    assert row.subject.startswith("a�[2J�b��xxx")
    assert len(row.subject) == trails.LONGEST
