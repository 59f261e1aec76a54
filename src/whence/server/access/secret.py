"""Tokens and session ids as texts: how one is made, read and known again.

A token is ``wh_<id>_<secret>``. The id names it and is no secret; the secret is 32 random bytes,
of which only a salted SHA-256 is kept. A slow hash defends passwords, which people choose and
others guess; nobody guesses 256 random bits, and a slow hash at each request would let anyone tire
the server out.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from typing import NamedTuple

PREFIX = "wh"
SALT_BYTES = 16
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_BYTES, _ID_WIDTH = 8, 11
_SECRET_BYTES, _SECRET_WIDTH = 32, 43
_TOKEN = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{_ID_WIDTH}}})_([0-9A-Za-z]{{{_SECRET_WIDTH}}})", re.ASCII
)
_SESSION = re.compile(rf"[0-9A-Za-z]{{{_SECRET_WIDTH}}}", re.ASCII)


class Token(NamedTuple):
    """The two parts of a token's text."""

    id: str
    secret: str

    def text(self) -> str:
        """What its holder keeps."""
        return f"{PREFIX}_{self.id}_{self.secret}"


def new_token() -> Token:
    """A token that nobody has."""
    return Token(_base62(os.urandom(_ID_BYTES), _ID_WIDTH), new_secret())


def new_secret() -> str:
    """32 random bytes as text, also the id of a session."""
    return _base62(os.urandom(_SECRET_BYTES), _SECRET_WIDTH)


def parse_token(text: str) -> Token | None:
    """The parts of a token's text; None where it is none, whatever it is."""
    found = _TOKEN.fullmatch(text)
    return None if found is None else Token(found[1], found[2])


def parse_session(text: str) -> str | None:
    """The id of a session as a cookie gives it; None where it can be none."""
    return text if _SESSION.fullmatch(text) else None


def hashed(secret: str, salt: bytes = b"") -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(salt + secret.encode()).digest()


def matches(secret: str, salt: bytes, kept: bytes) -> bool:
    """Whether this is the secret, in a time that does not depend on how much of it is right."""
    return hmac.compare_digest(hashed(secret, salt), kept)


def _base62(raw: bytes, width: int) -> str:
    number, digits = int.from_bytes(raw, "big"), []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
