"""Text search: an FTS5 index over what `Wording` gives.

It is built when it is first used, and brought up to date when it is used again.
"""

from __future__ import annotations

from collections.abc import Sequence

from whence._base.errors import StoreError, UsageError
from whence.store.sql.wording import Wording
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
        self._have()
        rows = self.connection.all(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank, rowid LIMIT ?",
            " ".join(_quoted(word) for word in words),
            limit,
        )
        return [row[0] for row in rows]

    def make_text_tables(self) -> None:
        """Make the table of the index."""
        if self.connection.has("text"):  # of an earlier version, which kept no note of what is due
            self.connection.run("DROP TABLE text")
        self.connection.run("CREATE VIRTUAL TABLE text USING fts5(words)")

    def _have(self) -> None:
        if self.has_whole_text():
            return
        if self.connection.read_only:
            raise StoreError(
                f"The text index of '{self.connection.path}' is not up to date and can't be "
                "written. Search once as a user who may write it"
            )
        self.build_text(lambda: True)

    def index_text(self, numbers: Sequence[int]) -> None:
        """Have the text of these nodes in the index as it is now; within a transaction."""
        raw = self.connection.raw
        raw.executemany("DELETE FROM text WHERE rowid=?", [(number,) for number in numbers])
        raw.executemany(
            "INSERT INTO text(rowid, words) VALUES(?,?)", list(self.texts(numbers).items())
        )


def _quoted(word: str) -> str:
    bare, star = (word[:-1], "*") if word.endswith("*") else (word, "")
    return '"' + bare.replace('"', '""') + '"' + star
