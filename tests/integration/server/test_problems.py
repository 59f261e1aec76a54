"""What is asked wrongly is told as a problem, and nothing hostile gets anywhere."""

import json

import pytest

from whence.server.openapi import PREFIX

LOCAL = f"{PREFIX}/projects/local"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/show?thing=nothing-of-that-name", 404, "not-known"),
        ("/show", 400, "usage"),
        ("/search?text=a&limit=0", 400, "usage"),
        ("/show?thing=a&thing=b", 400, "usage"),
        ("/show?thingy=a", 400, "usage"),
        ("/runs?limit=1001", 400, "usage"),
        ("/runs?limit=many", 400, "usage"),
        ("/runs?filter=metrics.acc+>", 400, "filter"),
        ("/runs?cursor=nonsense", 400, "usage"),
        ("/show?thing=train.py", 409, "ambiguous"),
        ("/export?format=none", 400, "usage"),
        ("/export?thing=nothing-of-that-name", 404, "not-known"),
        ("/sparql?query=SELECT", 400, "usage"),
        ("/sparql?query=DELETE+WHERE+{+?s+?p+?o+}", 400, "usage"),
        ("/sparql?query=ASK{}&default-graph-uri=http://a", 400, "usage"),
        ("/compare?run=a", 400, "usage"),
        ("/metrics", 400, "usage"),
        ("/nowhere", 404, "not-known"),
    ],
)
def test_a_wrong_question_is_told_as_a_problem(server, path, status, code):
    found = server.client.get(LOCAL + path)
    assert (found.status_code, found.json()["code"]) == (status, code), found.text
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json() == {
        "type": f"/errors/{code}",
        "title": found.json()["title"],
        "status": status,
        "detail": found.json()["detail"],
        "code": code,
    }
    assert found.json()["title"]
    assert found.json()["detail"]


def test_an_unknown_project_and_a_wrong_method_are_problems(server):
    unknown = server.client.get(f"{PREFIX}/projects/other/runs")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-known")
    wrong = server.client.post(f"{LOCAL}/runs")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "no-such-method")


@pytest.mark.parametrize(
    "thing",
    ["/etc/passwd", "../../../../etc/passwd", "train.py/../../../etc/passwd", "/proc/self/environ",
     "~/.ssh/id_rsa", "file:///etc/passwd", "*.py", "/etc/", "\x00",
     "\ud800".encode("utf-8", "surrogatepass"), "x" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("route", ["show", "trace", "impact", "flow", "columns", "5w1h", "check"])
def test_nothing_that_was_not_recorded_is_ever_looked_at(server, route, thing):
    found = server.client.get(f"{LOCAL}/{route}", params={"thing": thing})
    assert found.status_code in (400, 404), found.text
    assert "root:" not in found.text


def test_a_search_for_odd_signs_harms_nothing(server):
    for text in ("\0", 'a"b\0', "*", '"', "a AND OR", "-", "NEAR(", "\u202e"):
        assert server.get("search", text=text).status_code < 500, text


def test_a_script_on_the_server_is_not_read(server, study):
    found = server.get("flow", thing=str(study.parent / "conftest.py"))
    assert (found.status_code, found.json()["code"]) == (400, "usage")
    assert "on that machine" in found.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../etc/passwd",
     "/assets/%2e%2e/%2e%2e/app.py", "/assets/none.js", "/api/none", "//etc/passwd/..", "/a%00b"],
)  # fmt: skip
def test_a_path_that_climbs_leads_nowhere(server, path):
    host, port = server.address
    found = raw(host, port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 404"), found[:200]
    assert b"root:" not in found


def test_another_name_for_this_machine_is_refused(server):
    host, port = server.address
    found = raw(
        host,
        port,
        f"GET {LOCAL}/runs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    )
    assert found.startswith(b"HTTP/1.1 421")
    assert json.loads(found.partition(b"\r\n\r\n")[2])["code"] == "wrong-host"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Cookie": "whence_session=x"},
    ],
)
def test_a_page_of_another_site_can_send_nothing(server, headers):
    found = server.client.post(f"{LOCAL}/sparql", data={"query": "ASK {}"}, headers=headers)
    assert (found.status_code, found.json()["code"]) == (403, "other-site")


def test_the_own_page_may_send(server):
    own = server.url.rstrip("/")
    headers = {"Origin": own, "Sec-Fetch-Site": "same-origin", "X-Whence": "1", "Cookie": "a=b"}
    found = server.client.post(f"{LOCAL}/sparql", data={"update": "x"}, headers=headers)
    assert found.json()["code"] == "usage"


def test_every_answer_carries_the_headers_of_safety(server):
    for path in ("/", f"{LOCAL}/runs", f"{LOCAL}/show?thing=none", "/health", "/api/none"):
        headers = server.client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


def raw(host: str, port: int, request: str) -> bytes:
    """What a server answers to these very bytes."""
    import socket

    with socket.create_connection((host, port), timeout=60) as client:
        client.sendall(request.encode())
        found = bytearray()
        while piece := client.recv(65536):
            found += piece
    return bytes(found)
