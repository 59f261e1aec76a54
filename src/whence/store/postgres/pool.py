"""Where connections to PostgreSQL come from: each opened anew, or shared by a pool."""

from __future__ import annotations

from contextlib import suppress
from threading import BoundedSemaphore, Lock
from typing import Any, Protocol

import psycopg
from psycopg import RawCursor, sql

from whence._base.errors import StoreAwayError, StoreError, UsageError
from whence.store.postgres.adapting import adapt
from whence.store.postgres.problem import address, not_connected

LONGEST_NAME = 63
"""Bytes of a schema's name: PostgreSQL cuts longer ones off."""

OLDEST = 140_000
"""The first version whose numbers know infinity."""

LOCK_TIMEOUT_S = 60
CONNECT_TIMEOUT_S = 10
POOL_SIZE = 10

Raw = psycopg.Connection[tuple[Any, ...]]

_SETTINGS = (
    "SET client_min_messages = warning; SET jit = off; SET synchronous_commit = off;"
    " SET random_page_cost = 1.1; SET extra_float_digits = 1; SET TimeZone = 'UTC';"
    f" SET lock_timeout = '{LOCK_TIMEOUT_S}s'"
)
"""The journal is the truth, so no commit waits for the disk: what is lost is folded again."""


class Source(Protocol):
    """Gives connections that are set to a schema."""

    url: str

    def take(self, schema: str, read_only: bool) -> Raw:
        """A connection; raises StoreError where there is none."""

    def give_back(self, raw: Raw) -> None:
        """The connection is no longer used."""


class Direct:
    """Each connection is opened when it is taken, and closed when it is given back."""

    def __init__(self, url: str) -> None:
        self.url = url

    def take(self, schema: str, read_only: bool) -> Raw:
        return _set_to(_opened(self.url), schema, read_only)

    def give_back(self, raw: Raw) -> None:
        with suppress(psycopg.Error):
            raw.close()


class Pool:
    """Connections to one database that stay open, for the stores of all its schemas.

    At most ``size`` are taken at once; who comes later waits.
    """

    def __init__(self, url: str, size: int = POOL_SIZE) -> None:
        self.url = url
        self._idle: list[Raw] = []
        self._lock, self._free = Lock(), BoundedSemaphore(size)
        self._is_closed = False

    def take(self, schema: str, read_only: bool) -> Raw:
        if not self._free.acquire(timeout=LOCK_TIMEOUT_S):
            raise StoreAwayError(
                f"All connections to PostgreSQL at {address(self.url)} are busy. Try again later"
            )
        try:
            while (raw := self._popped()) is not None:
                with suppress(psycopg.Error):  # the server dropped it meanwhile
                    return _set_to(raw, schema, read_only)
                raw.close()
            return _set_to(_opened(self.url), schema, read_only)
        except BaseException:
            self._free.release()
            raise

    def give_back(self, raw: Raw) -> None:
        usable = not raw.closed and raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            if usable and not self._is_closed:
                self._idle.append(raw)
            else:
                usable = False
        if not usable:
            with suppress(psycopg.Error):
                raw.close()
        self._free.release()

    def _popped(self) -> Raw | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def close(self) -> None:
        """Close the connections that nobody has taken; a second call does nothing."""
        self._is_closed = True
        while (raw := self._popped()) is not None:
            raw.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_pool(url: str, size: int = POOL_SIZE) -> Pool:
    """A pool of connections to the database at ``url``, which is seen to be there.

    Raises StoreError when it is not, UsageError for what is no address.
    """
    pool = Pool(url, size)
    pool.give_back(pool.take("public", read_only=True))
    return pool


def quoted(schema: str) -> str:
    """The name of a schema as statements have it."""
    if not schema or len(schema.encode("utf-8", "replace")) > LONGEST_NAME or "\x00" in schema:
        raise UsageError(
            f"A PostgreSQL schema's name has 1 to {LONGEST_NAME} bytes, not {schema[:80]!r}"
        )
    return sql.Identifier(schema).as_string(None)


def _opened(url: str) -> Raw:
    address(url)
    try:
        raw = psycopg.connect(
            url,
            autocommit=True,
            cursor_factory=RawCursor,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="whence",
            client_encoding="utf-8",
        )
    except psycopg.Error as error:
        raise not_connected(url, error) from error
    if raw.info.server_version < OLDEST or raw.info.parameter_status("server_encoding") != "UTF8":
        raw.close()
        raise StoreError(
            f"PostgreSQL at {address(url)} must be of version {OLDEST // 10_000} or later, and the "
            "database in UTF8"
        )
    raw.execute(_SETTINGS)
    adapt(raw.adapters)
    return raw


def _set_to(raw: Raw, schema: str, read_only: bool) -> Raw:
    raw.execute(
        f"SET search_path TO {quoted(schema)}, pg_temp;"
        f" SET default_transaction_read_only TO {'on' if read_only else 'off'}"
    )
    return raw
