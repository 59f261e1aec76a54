"""Text search: an FTS5 index over what `Wording` gives.

It is built when it is first used and kept up from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whence._base.errors import StoreError, UsageError
from whence.store.sql.wording import AT_ONCE, Wording
from whence.store.sqlite.connection import SqliteConnection


class SqliteText(Wording):
    """Searches text."""

    connection: SqliteConnection

    def search_text(self, query: str, limit: int = 50) -> list[int]:
        """The nodes that have all words of ``query``, the best first.

        A word may end in ``*``. Raises StoreError when the index can't be built here.
        """
        words = query.split()
        if not words:
            raise UsageError("A text search needs at least one word")
        self._build()
        rows = self.connection.all(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank, rowid LIMIT ?",
            " ".join(_quoted(word) for word in words),
            limit,
        )
        return [row[0] for row in rows]

    def refresh_text(self, nodes: Iterable[int]) -> None:
        """Bring the text of ``nodes`` up to date, if there is an index; within a transaction."""
        if self.connection.has("text"):
            listed = sorted(nodes)
            for start in range(0, len(listed), AT_ONCE):
                self._index(listed[start : start + AT_ONCE])

    def _build(self) -> None:
        if self.connection.has("text"):
            return
        if self.connection.read_only:
            raise StoreError(
                f"The text index of '{self.connection.path}' is not built yet and can't be "
                "written. Search once as a user who may write it"
            )
        with self.connection.transaction():
            if self.connection.has("text"):
                return
            self.connection.run("CREATE VIRTUAL TABLE text USING fts5(words)")
            for numbers in self.shown():
                self._index(numbers)

    def _index(self, numbers: Sequence[int]) -> None:
        raw = self.connection.raw
        raw.executemany("DELETE FROM text WHERE rowid=?", [(number,) for number in numbers])
        raw.executemany(
            "INSERT INTO text(rowid, words) VALUES(?,?)", list(self.texts(numbers).items())
        )


def _quoted(word: str) -> str:
    bare, star = (word[:-1], "*") if word.endswith("*") else (word, "")
    return '"' + bare.replace('"', '""') + '"' + star
