"""How a database spells what conditions on runs need and standard SQL has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol


class Listed(NamedTuple):
    """A table that stands in the statement: SQL of its rows, and the parameters of that."""

    sql: str
    parameters: list[Any]


class Dialect(Protocol):
    """The spelling of one database."""

    uuid: str
    """``{}`` of 16 bytes as the text of a UUID."""

    index_names: str
    """The statement that makes ``node_name``, the index of the names of nodes."""

    def trigger(self, name: str, change: str, table: str, when: str, step: str) -> list[str]:
        """The statements that make a trigger anew, see `whence.store.sql.changes.Trigger`."""

    def like(self, column: str, operator: Literal["like", "ilike"], pattern: str) -> Listed:
        """That a text matches a pattern, minding the case or not."""

    def number(self, value: float) -> Listed:
        """A number as ``lookup.num`` is compared with."""

    def listed(self, rows: Sequence[tuple[int, float | None, str | None]]) -> Listed:
        """A query that gives the rows: node, num, text."""
