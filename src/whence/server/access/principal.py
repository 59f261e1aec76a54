"""Who calls, and what they may do."""

from __future__ import annotations

from typing import Protocol

import msgspec

RANK = {"": 0, "read": 1, "write": 2, "admin": 3}
EVERY = "*"
"""Stands for every project."""


class Principal(msgspec.Struct, frozen=True):
    """``grants`` are pairs (project or ``*``, scope); a greater scope holds the smaller ones.

    ``id`` tells apart those of one name: the token or the account.
    """

    name: str
    grants: tuple[tuple[str, str], ...] = ()
    id: str = ""

    @property
    def label(self) -> str:
        """How the trail names them."""
        return f"{self.name} ({self.id})" if self.id else self.name

    def may(self, scope: str, project: str | None) -> bool:
        """Whether this is allowed on a project; ``None`` asks for it on all projects."""
        return any(
            RANK[granted] >= RANK[scope]
            for where, granted in self.grants
            if where in {EVERY, project}
        )

    def may_somewhere(self, scope: str) -> bool:
        """Whether this is allowed on any project."""
        return any(RANK[granted] >= RANK[scope] for _, granted in self.grants)


ANYONE = Principal("anyone", ((EVERY, "admin"),))
"""The caller where no rights are checked: on loopback, by default."""

NOBODY = Principal("nobody")
"""The caller who has not said who they are."""


class Access(Protocol):
    """Finds out who calls. ``required`` says whether a caller has to say who they are."""

    @property
    def required(self) -> bool: ...

    def principal(self, authorization: str | None, cookie: str | None) -> Principal:
        """The caller. Raises NotSignedInError where there is none, or none that is known."""

    def record(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add a line to the trail of writes and exports. Raises NotAuditedError."""

    def count(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add to the trail's line of this minute for what happens often. Raises NotAuditedError."""

    def close(self) -> None:
        """Write what is due and let go of all; twice is fine."""


class OpenAccess:
    """Everyone may do everything, and nothing is kept of it: one person's own machine."""

    required = False

    def principal(self, authorization: str | None, cookie: str | None) -> Principal:
        return ANYONE

    def record(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Keep nothing."""

    def count(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Nothing is open."""
