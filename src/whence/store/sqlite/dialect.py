"""How SQLite spells what conditions on runs need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from whence.store.sql.dialect import Listed

_GLOB = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}


class SqliteDialect:
    """SQLite's spelling, see `whence.store.sql.dialect.Dialect`."""

    uuid = (
        "(lower(substr(hex({0}),1,8)||'-'||substr(hex({0}),9,4)||'-'||substr(hex({0}),13,4)||'-'||"
        "substr(hex({0}),17,4)||'-'||substr(hex({0}),21)))"
    )

    index_names = "CREATE INDEX node_name ON node(name) WHERE name <> ''"

    def trigger(self, name: str, change: str, table: str, when: str, step: str) -> list[str]:
        condition = f" WHEN {when}" if when else ""
        return [
            f"DROP TRIGGER IF EXISTS watch_{name}",
            f"CREATE TRIGGER watch_{name} AFTER {change} ON {table}{condition} BEGIN {step} END",
        ]

    def like(self, column: str, operator: Literal["like", "ilike"], pattern: str) -> Listed:
        if operator == "ilike":
            return Listed(f"{column} LIKE ?", [pattern])
        glob = "".join(_GLOB.get(character, character) for character in pattern)
        return Listed(f"{column} GLOB ?", [glob])

    def number(self, value: float) -> Listed:
        return Listed("?", [value])

    def listed(self, rows: Sequence[tuple[int, float | None, str | None]]) -> Listed:
        sql = (
            "SELECT value ->> 0 AS node, value ->> 1 AS num, value ->> 2 AS text FROM json_each(?)"
        )
        return Listed(sql, [json.dumps(rows).replace("Infinity", "9e999")])
