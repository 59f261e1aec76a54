"""Tokens as people and programs see them: with times as such, and never with a hash."""

from __future__ import annotations

from datetime import datetime

import msgspec

from whence._base.clock import from_ns
from whence.server.access.register import TokenRow


class TokenInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token; ``token``, its text, is told once, when it is made."""

    id: str
    name: str
    project: str
    scope: str
    made_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    token: str | None = None


class TokenList(msgspec.Struct, frozen=True):
    items: list[TokenInfo]


def info(row: TokenRow, text: str | None = None) -> TokenInfo:
    """A token as people see it."""
    return TokenInfo(
        row.id, row.name, row.project, row.scope, from_ns(row.made_at), _time(row.expires_at),
        _time(row.last_used_at), _time(row.revoked_at), text,
    )  # fmt: skip


def _time(at: int | None) -> datetime | None:
    return None if at is None else from_ns(at)
