"""Statements that many rows go through at once, written once for every kind of database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

_MARK = re.compile(r"\?(int|real|number|text|bytes)\b")


class Rows(NamedTuple):
    """An INSERT of VALUES, an UPDATE or a DELETE for each of many rows.

    Its parameters are marked ``?int``, ``?real``, ``?number`` (whole or not), ``?text`` or
    ``?bytes``, in the order of a row's values. Where several rows may be meant for one row of the
    table, the first ``key`` values say for which, and ``merge`` makes one of two; without it the
    last of them stands.
    """

    sql: str
    key: int = 0
    merge: Callable[[Any, Any], Any] | None = None

    @property
    def types(self) -> list[str]:
        """The type of each value of a row."""
        return _MARK.findall(self.sql)

    def marked(self, mark: Callable[[int], str]) -> str:
        """The statement with its parameters spelled by ``mark``, which takes their place from 1."""
        places = iter(range(1, len(self.types) + 1))
        return _MARK.sub(lambda _: mark(next(places)), self.sql)

    def distinct(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """The rows, at most one for each row of the table."""
        if not self.key:
            return list(rows)
        found: dict[Any, Sequence[Any]] = {}
        merge = self.merge
        for row in rows:
            at = tuple(row[: self.key])
            if merge is not None and at in found:
                row = merge(found[at], row)
            found[at] = row
        return list(found.values())
