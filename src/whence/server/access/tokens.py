"""Access by tokens and by sessions, kept in the server's home."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from whence._base.clock import wall_ns
from whence._base.errors import NotSignedInError
from whence.server.access.database import Database
from whence.server.access.principal import Principal
from whence.server.access.register import NOBODYS, Kept, Register
from whence.server.access.rules import RulesFile
from whence.server.access.secret import hashed, parse_session, parse_token
from whence.server.access.session import Session, Sessions
from whence.server.access.trail import Trail
from whence.server.access.use import Uses

if TYPE_CHECKING:
    from whence.server.access.oidc import Provider

KEPT_S = 2.0
"""How long a row is believed without a look at the file, which another process may have changed."""
MOST_KEPT = 4096
SIGN_IN = "Sign in with a token that is valid here: Authorization: Bearer wh_…"
"""One text for a token that is missing, unknown, expired or revoked: it tells nothing more."""

Row = TypeVar("Row", Kept, Session)


class TokenAccess:
    """Tokens with a scope for a project; the page's sessions; the trail of what was done.

    Any thread may use it. Another process may make and revoke tokens in the same file meanwhile.
    """

    required = True

    def __init__(self, path: Path, provider: Provider | None = None) -> None:
        """Open or make the file; ``provider`` signs people in by OIDC. Raises StoreError."""
        self.home, self.provider = path.parent, provider
        self.database = Database(path)
        self.trail = Trail(self.database)
        self.register = Register(self.database, self.trail)
        self.sessions = Sessions(self.database)
        self._rules = RulesFile(path.with_name("oidc.toml"))
        self._uses = Uses(self._write_use)
        self._rows: dict[str | bytes, tuple[float, Kept | Session]] = {}

    def principal(self, authorization: str | None, cookie: str | None) -> Principal:
        """The caller. Raises NotSignedInError: the same for every reason."""
        if authorization is not None:
            who = self._bearer(authorization)
        else:
            who = self._signed_in(cookie)
        if who is None:
            raise NotSignedInError(SIGN_IN)
        return who

    def token_of(self, text: str) -> Kept | None:
        """The token whose text this is, where it is live."""
        token = parse_token(text)
        if token is None:
            return None
        kept = self._token(token.id)
        is_right = (kept or NOBODYS).opens(token.secret)
        if kept is None or not is_right or not kept.row.is_live(wall_ns()):
            return None
        self._uses.note(token.id)
        return kept

    def sign_in(self, text: str) -> tuple[str, Principal]:
        """Begin a session by a token: its id, and who it is. Raises NotSignedInError."""
        kept = self.token_of(text)
        if kept is None:
            raise NotSignedInError(SIGN_IN)
        who = kept.row.principal()
        self.trail.add(who, "sign in", None, "by token")
        return self.sessions.begin(kept.row.id, kept.row.name, {}), who

    def sign_in_person(self, person: str, claims: dict[str, list[str]]) -> tuple[str, Principal]:
        """Begin a session of an OIDC account. Raises NotAuditedError."""
        who = self._person(person, claims)
        self.trail.add(who, "sign in", None, "by OIDC")
        return self.sessions.begin(None, person, claims), who

    def sign_out(self, cookie: str | None) -> None:
        """End the session of a cookie, if it has one."""
        id = parse_session(cookie or "")
        if id is not None:
            self.sessions.end(hashed(id))
            self._rows.pop(hashed(id), None)

    def revoke(self, id: str, who: Principal) -> None:
        """Have a token open nothing any more, here from now on. Raises NotKnownError."""
        self.register.revoke(id, who)
        self._rows.pop(id, None)

    def record(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add a line to the trail. Raises NotAuditedError."""
        self.trail.add(who, action, project, subject)

    def count(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add to the trail's line of this minute. Raises NotAuditedError."""
        self.trail.count(who, action, project, subject)

    def close(self) -> None:
        """Write what is due and close the file; twice is fine."""
        self._uses.close()
        self.database.close()

    def _bearer(self, authorization: str) -> Principal | None:
        scheme, _, text = authorization.partition(" ")
        kept = self.token_of(text.strip()) if scheme.lower() == "bearer" else None
        return None if kept is None else kept.row.principal()

    def _signed_in(self, cookie: str | None) -> Principal | None:
        id = parse_session(cookie or "")
        session = None if id is None else self._session(hashed(id))
        if session is None or not session.is_live(wall_ns()):
            return None
        self._uses.note(session.hash)
        if session.token is None:
            return self._person(session.person, session.claims)
        kept = self._token(session.token)
        return kept.row.principal() if kept and kept.row.is_live(wall_ns()) else None

    def _person(self, person: str, claims: dict[str, list[str]]) -> Principal:
        subject = " ".join(claims.get("sub", []))
        return Principal(person, self._rules.rules().grants(claims), f"OIDC {subject}".strip())

    def _token(self, id: str) -> Kept | None:
        found = self._recent(id)
        return found if isinstance(found, Kept) else self._keep(id, self.register.find(id))

    def _session(self, hash: bytes) -> Session | None:
        found = self._recent(hash)
        return found if isinstance(found, Session) else self._keep(hash, self.sessions.find(hash))

    def _recent(self, key: str | bytes) -> Kept | Session | None:
        read_at, row = self._rows.get(key, (0.0, None))
        return row if time.monotonic() - read_at < KEPT_S else None

    def _keep(self, key: str | bytes, row: Row | None) -> Row | None:
        if row is not None:
            if len(self._rows) >= MOST_KEPT:
                self._rows.clear()
            self._rows[key] = (time.monotonic(), row)
        return row

    def _write_use(self, key: str | bytes, at: int) -> None:
        if isinstance(key, str):
            self.database.write("UPDATE token SET last_used_at = ? WHERE id = ?", at, key)
        else:
            self.database.write("UPDATE session SET used_at = ? WHERE hash = ?", at, key)
