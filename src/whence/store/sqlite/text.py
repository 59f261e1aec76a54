"""Text search: an FTS5 index over names, kinds, parameters, tags and attributes.

It is built when it is first used and kept up from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from whence._base.errors import StoreError, UsageError
from whence.fold.batch import ATTRIBUTES, PARAMS, TAGS
from whence.store.sqlite.nodes import SHOWN, SqliteNodes

_AT_ONCE = 5_000


class SqliteText(SqliteNodes):
    """Searches text."""

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
        if self._is_built():
            listed = sorted(nodes)
            for start in range(0, len(listed), _AT_ONCE):
                self._index(listed[start : start + _AT_ONCE])

    def _is_built(self) -> bool:
        return self.connection.one("SELECT 1 FROM sqlite_schema WHERE name='text'") is not None

    def _build(self) -> None:
        if self._is_built():
            return
        if self.connection.read_only:
            raise StoreError(
                f"The text index of '{self.connection.path}' is not built yet and can't be "
                "written. Search once as a user who may write it"
            )
        with self.connection.transaction():
            if self._is_built():
                return
            self.connection.raw.execute("CREATE VIRTUAL TABLE text USING fts5(words)")
            last = 0
            while rows := self.connection.all(
                f"SELECT n.number FROM node n WHERE {SHOWN} AND n.number > ? ORDER BY 1 LIMIT ?",
                last,
                _AT_ONCE,
            ):
                self._index([row[0] for row in rows])
                last = rows[-1][0]

    def _index(self, numbers: Sequence[int]) -> None:
        words = {
            node.number: [node.name, node.kind, *_paths(node.places)]
            for node in self.nodes(numbers)
            if node.name or node.kind
        }
        for space in (PARAMS, TAGS, ATTRIBUTES):
            for number, values in self.facets(numbers, space).items():
                if number in words:
                    words[number] += _words(values)
        raw = self.connection.raw
        raw.executemany("DELETE FROM text WHERE rowid=?", [(number,) for number in numbers])
        raw.executemany(
            "INSERT INTO text(rowid, words) VALUES(?,?)",
            [(number, _plain(" ".join(listed))) for number, listed in words.items()],
        )


def _quoted(word: str) -> str:
    bare, star = (word[:-1], "*") if word.endswith("*") else (word, "")
    return '"' + bare.replace('"', '""') + '"' + star


def _paths(places: Iterable[bytes]) -> list[str]:
    return [place.decode("utf-8", "backslashreplace") for place in places]


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for key, one in value.items() for word in (str(key), *_words(one))]
    if isinstance(value, list | tuple | set | frozenset):
        return [word for one in value for word in _words(one)]
    return [] if isinstance(value, bytes) else [str(value)]


def _plain(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
