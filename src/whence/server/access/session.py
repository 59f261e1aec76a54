"""Sessions of people who signed in to the page: a random id in a cookie, the rest here."""

from __future__ import annotations

import msgspec

from whence._base.clock import wall_ns
from whence.server.access.database import Database
from whence.server.access.secret import hashed, new_secret

HOUR_NS = 3600 * 1_000_000_000
IDLE_NS = 12 * HOUR_NS
LONGEST_NS = 7 * 24 * HOUR_NS


class Session(msgspec.Struct, frozen=True):
    """Of the holder of a token, whose rights it has while that lives; or of an OIDC account.

    ``claims`` is what the account's provider says that rights can hang on.
    """

    hash: bytes
    token: str | None
    person: str
    claims: dict[str, list[str]]
    made_at: int
    used_at: int

    def is_live(self, now: int) -> bool:
        """Whether it still stands: used within 12 hours, and begun within 7 days."""
        return now < self.used_at + IDLE_NS and now < self.made_at + LONGEST_NS


class Sessions:
    """The sessions of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, token: str | None, person: str, claims: dict[str, list[str]]) -> str:
        """A new session; its id, which only the cookie holds. Those that ended are cleared away."""
        id, now = new_secret(), wall_ns()
        with self._database.transaction():
            self._database.write(
                "DELETE FROM session WHERE used_at < ? OR made_at < ?",
                now - IDLE_NS, now - LONGEST_NS,
            )  # fmt: skip
            self._database.write(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)",
                hashed(id), token, person, msgspec.json.encode(claims).decode(), now, now,
            )  # fmt: skip
        return id

    def find(self, hash: bytes) -> Session | None:
        """The session of that id's hash. Nothing is compared byte by byte with what was given."""
        for raw, token, person, claims, made_at, used_at in self._database.all(
            "SELECT * FROM session WHERE hash = ?", hash
        ):
            known = msgspec.json.decode(claims, type=dict[str, list[str]])
            return Session(raw, token, person, known, made_at, used_at)
        return None

    def end(self, hash: bytes) -> None:
        """Forget a session, if it is there."""
        self._database.write("DELETE FROM session WHERE hash = ?", hash)
