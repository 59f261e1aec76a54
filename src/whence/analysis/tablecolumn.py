"""A column of a table that a query reads, and what is raised where a name can't be resolved."""

from __future__ import annotations

from typing import NamedTuple


class TableColumn(NamedTuple):
    """A column of a table, or of a file that a query reads."""

    table: str
    column: str


class Undecided(Exception):
    """What a name stands for can't be told."""
