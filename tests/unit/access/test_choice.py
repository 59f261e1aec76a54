"""Where rights are checked, and how far one has to go to have them not checked."""

import pytest

from whence._base.errors import UsageError
from whence.server.access.choice import choose_access, is_loopback
from whence.server.access.principal import EVERY, NOBODY, OpenAccess
from whence.server.access.rules import Grant, Rules
from whence.server.access.span import moment_ns, span_ns
from whence.server.access.tokens import TokenAccess

S = 1_000_000_000


@pytest.mark.parametrize(
    ("host", "auth", "options", "checked"),
    [
        ("127.0.0.1", "auto", {}, False),
        ("127.8.8.8", "auto", {}, False),
        ("::1", "auto", {}, False),
        ("localhost", "auto", {}, False),
        ("127.0.0.1", "auto", {"behind_proxy": True}, True),
        ("127.0.0.1", "on", {}, True),
        ("127.0.0.1", "off", {}, False),
        ("0.0.0.0", "auto", {}, True),
        ("::", "auto", {}, True),
        ("localhost.evil.example", "auto", {}, True),
        ("", "auto", {}, True),
        ("10.0.0.1", "off", {"insecure": True}, False),
        ("127.0.0.1", "off", {"insecure": True, "behind_proxy": True}, False),
    ],
)
def test_rights_are_checked_except_on_loopback(tmp_path, host, auth, options, checked):
    access = choose_access(tmp_path / "home", host, auth, **options)
    assert isinstance(access, TokenAccess if checked else OpenAccess)
    assert access.required is checked
    access.close()


@pytest.mark.parametrize(("host", "proxy"), [("0.0.0.0", False), ("127.0.0.1", True)])
def test_rights_are_given_up_elsewhere_only_when_said_twice(tmp_path, host, proxy):
    with pytest.raises(UsageError, match="--auth off --insecure"):
        choose_access(tmp_path, host, "off", behind_proxy=proxy)


def test_a_server_that_nobody_can_use_yet_says_how_to_make_a_token(tmp_path, capsys):
    home = tmp_path / "a home"
    access = choose_access(home, "0.0.0.0")
    said = capsys.readouterr().err
    assert f"whence token create admin --project '*' --scope admin --home '{home}'" in said
    access.register.create("a", "*", "admin", None, NOBODY)
    access.close()
    choose_access(home, "0.0.0.0").close()
    assert capsys.readouterr().err == ""


def test_the_home_and_its_file_are_private(tmp_path):
    choose_access(tmp_path / "home", "0.0.0.0").close()
    modes = [(tmp_path / "home" / name).stat().st_mode & 0o777 for name in ("", "access.sqlite")]
    assert modes == [0o700, 0o600]


def test_a_host_is_loopback_by_its_address():
    assert [is_loopback(host) for host in ("[::1]", "127.0.0.1", "0.0.0.0", "example.org")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_person_has_the_rights_of_all_rules_that_fit():
    rules = Rules("groups", (Grant("a", "churn", "read"), Grant("b", EVERY, "admin")))
    assert rules.grants({"groups": ["a", "c"]}) == (("churn", "read"),)
    assert rules.grants({"groups": ["a", "b"]}) == (("churn", "read"), (EVERY, "admin"))
    assert rules.grants({"email": ["a"]}) == rules.grants({}) == ()


@pytest.mark.parametrize(
    ("text", "ns"), [("90d", 90 * 86_400 * S), ("12h", 43_200 * S), ("30m", 1800 * S)]
)
def test_a_span_reads(text: str, ns: int):
    assert span_ns(text) == ns


@pytest.mark.parametrize("text", ["", "0d", "-1d", "1", "d", "1.5d", "1 d", "1y", "99999d", "٣d"])
def test_what_is_no_span_is_refused(text: str):
    with pytest.raises(UsageError):
        span_ns(text)


def test_a_moment_reads():
    assert moment_ns("1970-01-02") == 86_400 * S
    assert moment_ns("1970-01-01T01:00+01:00") == 0
    assert moment_ns("9999-12-31") == (1 << 63) - 1
    assert moment_ns("0001-01-01") == 0
    with pytest.raises(UsageError, match="is no time"):
        moment_ns("yesterday")
