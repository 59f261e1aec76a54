"""What an index in SQL asks of its database: `Connection`, and how it spells lists of numbers.

SQL is written for SQLite, in what other databases can be told by a few rules: a parameter is ``?``
(or ``?1`` where it comes more than once), `IN` ends a condition on many numbers, ``json_each(?) j``
lists them as ``j.value``, ``CROSS JOIN ... ON`` is a join whose order SQLite keeps, ``IS NOT``
compares with NULL, ``instr`` looks into bytes. Minima, maxima of two values are spelled by CASE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from whence.store.sql.dialect import Dialect
from whence.store.sql.statement import Rows

IN = "IN (SELECT value FROM json_each(?))"
"""The end of a condition on many integers at once; its parameter is what `many` gives."""


def many(numbers: Iterable[int]) -> str:
    """The parameter for `IN`."""
    return json.dumps(list(numbers))


class Connection(Protocol):
    """One connection to an index, for one thread at a time."""

    @property
    def read_only(self) -> bool: ...
    @property
    def title(self) -> str:
        """What messages call the index."""

    @property
    def dialect(self) -> Dialect: ...

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row that ``sql`` gives."""

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row, or None."""

    def all_in(self, sql: str, values: Sequence[bytes] | Sequence[str]) -> list[Any]:
        """Every row of ``sql``, which ends with a column, where that is one of the values."""

    def run(self, sql: str, *parameters: Any) -> None:
        """Run what gives no rows."""

    def write(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for every row."""

    def write_new(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run an INSERT for rows of which it is known that the table has none of them."""

    def has(self, name: str) -> bool:
        """Whether there is a table or index of that name."""

    def count_anew(self, table: str) -> None:
        """Have the database know how large a table is that was filled at once."""

    def transaction(self) -> AbstractContextManager[None]:
        """Run a block that writes, whole or not at all, alone among all writers."""
