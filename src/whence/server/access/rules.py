"""Which rights an OIDC account has: the file ``oidc.toml`` in the server's home.

claim = "groups"            # or "email"

[[grant]]
value = "ml-team"           # for email, "*@example.org" stands for all of a domain
project = "churn"           # or "*"
scope = "write"             # read, write or admin
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from whence._base.errors import UsageError

FILE = "oidc.toml"


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has the value has the scope on the project."""

    value: str
    project: str
    scope: Literal["read", "write", "admin"]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file."""

    claim: Literal["groups", "email"] = "groups"
    grant: tuple[Grant, ...] = ()

    def grants(self, claims: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
        """The rights of an account with these claims."""
        has = claims.get(self.claim, [])
        return tuple(
            (one.project, one.scope)
            for one in self.grant
            if any(_fits(one.value, value, self.claim) for value in has)
        )


class RulesFile:
    """The rules as the file says them now: an edit counts at the next request."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int], Rules] | None = None

    def rules(self) -> Rules:
        """The rules; none where there is no file. Raises UsageError where it does not read."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return Rules()
        stamp = (found.st_mtime_ns, found.st_size)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, _parsed(self.path))
        return self._read[1]


def _parsed(path: Path) -> Rules:
    try:
        return msgspec.convert(tomllib.loads(path.read_text()), Rules)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{path} does not read: {error}. See: docs, Run a server") from error


def _fits(wanted: str, value: str, claim: str) -> bool:
    if claim == "email":
        wanted, value = wanted.casefold(), value.casefold()
        if wanted.startswith("*@"):
            return value.count("@") == 1 and value.endswith(wanted[1:]) and value != wanted[1:]
    return wanted == value
