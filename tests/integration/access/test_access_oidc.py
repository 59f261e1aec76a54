"""Signing in at a real OpenID Connect provider, and every way in which one must not come in."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import OctKey, RSAKey
from starlette.testclient import TestClient

from tests.support.access import Home, asked
from tests.support.oidc_provider import CLIENT, SECRET, TestProvider, running_provider
from whence._base.errors import UsageError
from whence.server.access.oidc import Provider

LOGIN = "/api/v1/oidc/login"
SESSION = "/api/v1/session"
ANN = {"sub": "u-1", "email": "ann@example.org", "email_verified": True, "groups": ["ml-team"]}
RULES = """claim = "groups"

[[grant]]
value = "ml-team"
project = "churn"
scope = "write"
"""


@pytest.fixture(scope="module")
def running() -> Iterator[TestProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: TestProvider) -> TestProvider:
    running.user, running.claims, running.userinfo = dict(ANN), {}, None
    running.signing, running.algorithm = running.key, "RS256"
    running.asked.clear()
    return running


@pytest.fixture
def client(home: Home, provider: TestProvider) -> Iterator[TestClient]:
    (home.folder / "oidc.toml").write_text(RULES)
    home.access.provider = Provider(provider.issuer, CLIENT, SECRET)
    with asked(home) as client:
        yield client


def begin(client: TestClient, next: str = "/runs") -> httpx2.URL:
    """Where the provider sends the browser back to."""
    sent = client.get(LOGIN, params={"next": next})
    assert sent.status_code == 303
    return httpx2.URL(httpx2.get(sent.headers["location"]).headers["location"])


def sign_in(client: TestClient, next: str = "/runs") -> httpx2.Response:
    return client.get(begin(client, next).raw_path.decode())


def test_someone_signs_in_and_has_the_rights_of_their_groups(client, home):
    assert client.get("/api/v1/").json()["oidc"] is True
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs")
    grants = [{"project": "churn", "scope": "write"}]
    who = {"name": "ann@example.org", "signed_in": True, "grants": grants}
    assert client.get(SESSION).json() == who
    assert client.get("/api/v1/projects/churn/status").status_code == 200
    assert client.get("/api/v1/projects/fraud/status").status_code == 404
    [row] = [row for row in home.access.trail.rows() if row.action == "sign in"]
    assert (row.who, row.subject) == ("ann@example.org (OIDC u-1)", "by OIDC")


def test_the_code_is_asked_for_with_pkce_state_and_nonce(client):
    sent = client.get(LOGIN)
    query = {key: one for key, [one] in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert query.keys() == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce",
        "code_challenge", "code_challenge_method",
    }  # fmt: skip
    assert (query["code_challenge_method"], query["response_type"]) == ("S256", "code")
    assert query["redirect_uri"] == "http://testserver/api/v1/oidc/callback"
    cookie = sent.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert len({client.get(LOGIN).headers["location"] for _ in range(3)}) == 3


def test_a_change_of_the_rules_counts_at_the_next_request(client, home):
    sign_in(client)
    (home.folder / "oidc.toml").write_text(RULES.replace("ml-team", "other"))
    assert client.get(SESSION).json()["grants"] == []
    assert client.get("/api/v1/projects/churn/status").status_code == 404


@pytest.mark.parametrize(
    ("value", "user", "scope"),
    [
        ("ann@example.org", ANN, "read"),
        ("ANN@EXAMPLE.ORG", ANN, "read"),
        ("*@example.org", ANN, "read"),
        ("*@example.org", ANN | {"email_verified": False}, None),
        ("*@example.org", {"sub": "u-1", "email": "ann@example.org"}, None),
        ("*@example.org", ANN | {"email": "ann@evil.org@example.org"}, None),
        ("*@example.org", ANN | {"email": "ann@example.org.evil.com"}, None),
        ("*@example.org", ANN | {"email": "ann@notexample.org"}, None),
    ],
)
def test_an_address_counts_where_it_is_verified(client, home, provider, value, user, scope):
    rules = f'claim = "email"\n[[grant]]\nvalue = "{value}"\nproject = "churn"\nscope = "read"\n'
    (home.folder / "oidc.toml").write_text(rules)
    provider.user = user
    sign_in(client)
    grants = [] if scope is None else [{"project": "churn", "scope": scope}]
    assert client.get(SESSION).json()["grants"] == grants


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1_000},
     {"azp": "another"}, {"sub": None}, {"nonce": None}],
    ids=lambda claims: "".join(claims),
)  # fmt: skip
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(client, provider, claims):
    provider.claims = claims
    refused(client, sign_in(client))


@pytest.mark.parametrize("kind", ["foreign key", "public key as secret", "client secret", "none"])
def test_an_id_token_that_the_provider_did_not_sign_is_refused(client, provider, kind):
    public = provider.key.as_pem(private=False)
    signing = {
        "foreign key": (RSAKey.generate_key(2048, {"kid": "one"}), "RS256"),
        "public key as secret": (OctKey.import_key(public.hex(), {"kid": "one"}), "HS256"),
        "client secret": (OctKey.import_key(SECRET, {"kid": "one"}), "HS256"),
        "none": (OctKey.import_key(SECRET, {"kid": "one"}), "none"),
    }
    provider.signing, provider.algorithm = signing[kind]
    refused(client, sign_in(client))


def refused(client: TestClient, answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert "whence_session" not in client.cookies
    assert client.get(SESSION).json()["signed_in"] is False


def test_the_provider_may_change_its_keys(client, provider):
    sign_in(client)
    provider.rotate("two")
    provider.signing = provider.key
    assert sign_in(client).status_code == 303
    assert provider.asked.count("keys") == 2


def test_groups_come_from_the_user_info_where_the_token_has_none(client, provider):
    provider.user, provider.userinfo = {"sub": "u-1"}, dict(ANN)
    sign_in(client)
    assert client.get(SESSION).json()["grants"] == [{"project": "churn", "scope": "write"}]


def test_user_info_of_somebody_else_is_not_taken(client, provider):
    provider.user, provider.userinfo = {"sub": "u-1"}, ANN | {"sub": "u-2"}
    sign_in(client)
    assert client.get(SESSION).json() == {"name": "u-1", "signed_in": True, "grants": []}


def test_a_sign_in_that_somebody_else_began_is_refused(client, home, provider):
    foreign = begin(client)
    client.cookies.clear()
    refused(client, client.get(foreign.raw_path.decode()))
    begin(client)
    refused(client, client.get(foreign.raw_path.decode()))
    trail = [(row.action, row.subject, row.times) for row in home.access.trail.rows()]
    assert trail == [("refused", "sign in by OIDC", 2)]
    assert "token" not in provider.asked  # the state alone told it


def test_a_code_works_once(client):
    path = begin(client).raw_path.decode()
    cookie = client.cookies["whence_login"]
    assert client.get(path).status_code == 303
    client.cookies.clear()
    refused(client, client.get(path, headers={"cookie": f"whence_login={cookie}"}))


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?error=access_denied&state=x", "?code=%00&state=%FF"]
)
def test_a_way_back_that_makes_no_sense_is_refused(client, query):
    begin(client)
    refused(client, client.get("/api/v1/oidc/callback" + query))
    cookie = {"cookie": "whence_login=zz"}
    refused(client, client.get("/api/v1/oidc/callback" + query, headers=cookie))


@pytest.mark.parametrize(
    "next", ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "/a\nb", ""]
)
def test_the_way_back_leads_nowhere_else(client, next):
    assert sign_in(client, next).headers["location"] == "/"


def test_a_wrong_secret_of_ours_is_told_without_it(client, home, provider):
    home.access.provider = Provider(provider.issuer, CLIENT, "wrong-secret")
    answer = sign_in(client)
    refused(client, answer)
    assert "wrong-secret" not in answer.text
    assert "wrong-secret" not in repr(home.access.provider)


def test_a_provider_that_is_not_there_is_told(client, home):
    home.access.provider = Provider("http://127.0.0.1:9", CLIENT, SECRET)
    answer = client.get(LOGIN)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert "does not answer" in answer.json()["detail"]


@pytest.mark.parametrize("issuer", ["http://idp.example", "ftp://127.0.0.1", "idp.example", ""])
def test_an_issuer_without_tls_is_refused(issuer):
    with pytest.raises(UsageError, match="https://"):
        Provider(issuer, CLIENT)


@contextmanager
def without_provider(home: Home) -> Iterator[TestClient]:
    home.access.provider = None
    with asked(home) as client:
        yield client


def test_without_a_provider_there_is_no_way_to_one(home):
    with without_provider(home) as client:
        assert client.get(LOGIN).status_code == 404
        assert client.get("/api/v1/oidc/callback").status_code == 404
        assert client.get("/api/v1/").json()["oidc"] is False


def test_rules_that_do_not_read_are_told_by_name_and_give_nothing(client, home):
    sign_in(client)
    (home.folder / "oidc.toml").write_text("claim = 'shoe size'\n")
    answer = client.get("/api/v1/projects/churn/status")
    assert (answer.status_code, answer.json()["code"]) == (400, "usage")
