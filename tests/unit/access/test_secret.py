"""Token texts: made at random, read strictly, held against what is kept in constant time."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence.server.access import secret
from whence.server.access.register import NOBODYS


def test_a_token_reads_as_what_it_was_made_of():
    token = secret.new_token()
    assert secret.parse_token(token.text()) == token
    assert (len(token.id), len(token.secret), len(token.text())) == (11, 43, 58)


def test_no_two_tokens_are_alike():
    made = [secret.new_token() for _ in range(1000)]
    assert len({one.id for one in made}) == len({one.secret for one in made}) == 1000


@given(st.binary(min_size=32, max_size=32))
def test_the_text_of_a_secret_holds_all_its_bits(raw: bytes):
    text = secret._base62(raw, 43)
    number = 0
    for digit in text:
        number = number * 62 + secret._DIGITS.index(digit)
    assert number.to_bytes(32, "big") == raw


@given(st.text())
def test_any_text_reads_as_a_token_or_as_none(text: str):
    for tried in (text, f"wh_{text}", f"wh_{'a' * 11}_{text}"):
        found = secret.parse_token(tried)
        assert found is None or found.text() == tried
    assert secret.parse_session(text) in (None, text)


@pytest.mark.parametrize("change", ["\n", " ", "A", "_"])
def test_a_token_with_something_after_it_is_none(change: str):
    assert secret.parse_token(secret.new_token().text() + change) is None


def test_what_is_kept_is_salted():
    kept = secret.hashed("s", b"salt")
    assert kept == hashlib.sha256(b"salts").digest()
    assert secret.matches("s", b"salt", kept)
    assert not secret.matches("s", b"tlas", kept)
    assert not secret.matches("t", b"salt", kept)


def test_secrets_are_compared_in_constant_time_also_for_an_unknown_token(monkeypatch):
    compared = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((len(left), len(right)))
        return hmac.compare_digest(left, right)

    monkeypatch.setattr(secret, "hmac", type("spy", (), {"compare_digest": staticmethod(compare)}))
    assert not NOBODYS.opens("x")
    assert compared == [(32, 32)]
