"""The page of the views that SQL asks, made from the table that the views are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whence.store.sqlite.views import VIEWS

HEAD = """# Views

What `whence sql` and `whence.sql()` ask. Columns are added, never renamed or removed. Ids are those
that every command prints; times are ISO 8601 in UTC.
"""


def views_page(table: Callable[[Iterable[str], Iterable[Iterable[object]]], str]) -> str:
    """The page; ``table`` makes one in Markdown."""
    parts = [HEAD]
    for view, columns in VIEWS.items():
        rows = [(f"`{one.name}`", one.type, one.says) for one in columns]
        parts.append(f"## `{view}`\n\n{table(('Column', 'Type', 'What it says'), rows)}\n")
    return "\n".join(parts)
