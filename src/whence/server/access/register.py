"""The tokens that were made, and for whom: made, listed, found and revoked."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from whence._base.clock import wall_ns
from whence._base.errors import NotKnownError, UsageError
from whence.server.access.database import Database
from whence.server.access.principal import EVERY, Principal
from whence.server.access.secret import SALT_BYTES, hashed, matches, new_secret, new_token
from whence.server.access.trail import Trail

TokenScope = Literal["read", "write", "admin"]
NAME = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_COLUMNS = "id, name, project, scope, made_at, expires_at, last_used_at, revoked_at"


class TokenRow(msgspec.Struct, frozen=True):
    """What is known of a token. Times are nanoseconds since the epoch."""

    id: str
    name: str
    project: str
    scope: str
    made_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None

    def is_live(self, now: int) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def principal(self) -> Principal:
        """Whoever holds it."""
        return Principal(self.name, ((self.project, self.scope),), f"token {self.id}")


class Kept(msgspec.Struct, frozen=True):
    """A token with what its secret is held against."""

    row: TokenRow
    salt: bytes
    hash: bytes

    def opens(self, secret: str) -> bool:
        """Whether this is its secret."""
        return matches(secret, self.salt, self.hash)


NOBODYS = Kept(
    TokenRow("", "", "", "read", 0, 0, None, 0), b"\0" * SALT_BYTES, hashed(new_secret())
)
"""Held against where a token is unknown, so that this takes as long as a wrong secret."""


class Register:
    """The tokens of one server. Each change is in the trail, or it is not made."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database, self._trail = database, trail

    def create(
        self, name: str, project: str, scope: str, expires_at: int | None, who: Principal
    ) -> tuple[TokenRow, str]:
        """A new token and its text, which is nowhere else. Raises UsageError."""
        if not NAME.fullmatch(name):
            raise UsageError("A token's name has up to 100 letters and no control characters")
        if scope not in ("read", "write", "admin"):
            raise UsageError(f"The scope is read, write or admin; it is {scope!r}")
        token, salt = new_token(), new_secret().encode()[:SALT_BYTES]
        row = TokenRow(token.id, name, project, scope, wall_ns(), expires_at, None, None)
        with self._database.transaction():
            self._database.write(
                f"INSERT INTO token ({_COLUMNS}, salt, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *msgspec.structs.astuple(row), salt, hashed(token.secret, salt),
            )  # fmt: skip
            subject = f"{token.id} {name!r} {scope}"
            self._trail.add(who, "create token", None if project == EVERY else project, subject)
        return row, token.text()

    def find(self, id: str) -> Kept | None:
        """The token of that id, live or not."""
        for *columns, salt, hash in self._database.all(
            f"SELECT {_COLUMNS}, salt, hash FROM token WHERE id = ?", id
        ):
            return Kept(TokenRow(*columns), salt, hash)
        return None

    def rows(self) -> list[TokenRow]:
        """All tokens, oldest first."""
        found = self._database.all(f"SELECT {_COLUMNS} FROM token ORDER BY made_at, id")
        return [TokenRow(*columns) for columns in found]

    def revoke(self, id: str, who: Principal) -> TokenRow:
        """Have a token open nothing any more, if it still does. Raises NotKnownError."""
        kept = self.find(id)
        if kept is None:
            raise NotKnownError(f"There is no token {id!r}. See: whence token list")
        row = kept.row
        with self._database.transaction():
            changed = self._database.write(
                "UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", wall_ns(), id
            )
            if changed:
                project = None if row.project == EVERY else row.project
                self._trail.add(who, "revoke token", project, f"{id} {row.name!r}")
        found = self.find(id)
        assert found is not None
        return found.row

    def has_live(self) -> bool:
        """Whether anyone can come in by a token."""
        now = wall_ns()
        return any(row.is_live(now) for row in self.rows())
