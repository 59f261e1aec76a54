"""The errors of PostgreSQL in our words. No message ever holds a password."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from whence._base.errors import StoreAwayError, StoreError, UsageError

LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""What is raised where a connection can't go on. Also of PostgreSQL: its disk or memory is full."""


def address(url: str) -> str:
    """The place and name of a database, without who asks.

    Raises UsageError for what is no such URL.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:  # its message would quote the URL
        raise UsageError(
            "The address of the PostgreSQL store can't be read. Give it as "
            "postgresql://USER@HOST:PORT/DATABASE, with special characters percent-encoded"
        ) from None
    host = parts.get("host") or parts.get("hostaddr") or "localhost"
    name = parts.get("dbname") or parts.get("user") or ""
    return f"{host}:{parts.get('port') or 5432}/{name}"


def not_connected(url: str, error: psycopg.Error) -> StoreError:
    """Why there is no connection, on one line."""
    where, said = address(url), _last_line(error)
    if "authentication" in said or "no password supplied" in said or "pg_hba" in said:
        return StoreError(f"PostgreSQL at {where} refused the user or the password: {said}")
    if "does not exist" in said:
        return StoreError(f"PostgreSQL at {where} has no such database or user: {said}")
    return StoreAwayError(f"PostgreSQL at {where} can't be reached: {said}. Is it running?")


def not_done(title: str, error: psycopg.Error) -> StoreError:
    """Why a statement failed, on one line."""
    if isinstance(error, psycopg.errors.QueryCanceled):
        return StoreError(f"A question to the index {title} was ended before its answer")
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return StoreAwayError(f"The index {title} is busy: another process writes it")
    said = " ".join((error.diag.message_primary or _last_line(error)).split())
    if isinstance(error, LOST):
        return StoreAwayError(f"The index {title} went away: {said}. Try again")
    return StoreError(f"The index {title} could not be used: {said}")


def _last_line(error: psycopg.Error) -> str:
    """The reason at the end of what libpq says about all addresses it tried."""
    text = str(error).split("Multiple connection attempts failed")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = lines[0] if lines else type(error).__name__
    return said.rpartition("FATAL:")[2].strip().rstrip(".") or said
