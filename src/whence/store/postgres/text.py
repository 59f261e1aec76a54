"""Text search: which words each node's text has and where, and the ranking of SQLite's FTS5.

Both stores are to give the same answers in the same order. PostgreSQL's own text search takes words
apart and ranks in other ways, so words and their places are rows here, and the rank (Okapi BM25) is
counted from them. The index is built when it is first used, and brought up to date when it is used
again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log

from whence._base.errors import StoreError, UsageError
from whence.store.postgres.token import tokens
from whence.store.sql.connection import IN, many
from whence.store.sql.statement import Rows
from whence.store.sql.wording import Wording

TABLES = """
CREATE TABLE text(node integer PRIMARY KEY, length integer NOT NULL);
CREATE TABLE text_word(word text COLLATE "C", node integer, places text);
CREATE INDEX text_word_word ON text_word(left(word, 100));
CREATE INDEX text_word_node ON text_word(node)
"""
_TEXT = Rows("INSERT INTO text(node, length) VALUES(?int,?int)")
_WORD = Rows("INSERT INTO text_word(word, node, places) VALUES(?text,?int,?text)")
_EXACT = "SELECT node, places FROM text_word WHERE left(word, 100) = left(?1, 100) AND word = ?1"
_PREFIX = (
    "SELECT node, places FROM text_word WHERE left(word, 100) >= left(?1, 100)"
    " AND left(word, 100) <= left(?1, 100) || U&'\\+10FFFF' AND starts_with(word, ?1)"
)
_K1, _B = 1.2, 0.75

Places = dict[int, set[int]]
"""By node: where in its text something stands."""


class PostgresText(Wording):
    """Searches text."""

    def search_text(self, query: str, limit: int = 50) -> list[int]:
        """The nodes that have all words of ``query``, the best first.

        A word may end in ``*``. Raises StoreError when the index can't be built here.
        """
        words = query.split()
        if not words:
            raise UsageError("A text search needs at least one word")
        self._have()
        phrases = [
            (parts, word.endswith("*"))
            for word in words
            if (parts := tokens(word[:-1] if word.endswith("*") else word))
        ]
        found = [self._phrase(parts, is_prefix) for parts, is_prefix in phrases]
        return self._ranked(found)[:limit] if found else []

    def make_text_tables(self) -> None:
        """Make the tables of the index."""
        for statement in TABLES.split(";\n"):
            self.connection.run(statement)

    def _have(self) -> None:
        if self.has_whole_text():
            return
        if self.connection.read_only:
            raise StoreError(
                f"The text index of {self.connection.title} is not up to date and can't be "
                "written. Search once where it may be written"
            )
        self.build_text(lambda: True)

    def index_text(self, numbers: Sequence[int]) -> None:
        """Have the text of these nodes in the index as it is now; within a transaction."""
        for table in ("text", "text_word"):
            self.connection.run(f"DELETE FROM {table} WHERE node {IN}", many(numbers))
        texts, rows = [], []
        for number, text in self.texts(numbers).items():
            listed = tokens(text)
            texts.append((number, len(listed)))
            places: dict[str, list[int]] = defaultdict(list)
            for place, word in enumerate(listed):
                places[word].append(place)
            rows += [(word, number, " ".join(map(str, at))) for word, at in places.items()]
        self.connection.write(_TEXT, texts)
        self.connection.write(_WORD, rows)

    def _phrase(self, parts: Sequence[str], is_prefix: bool) -> Places:
        """Where the words stand one after the other; the last may go on if it is a prefix."""
        found: Places | None = None
        for place, word in enumerate(parts):
            sql = _PREFIX if is_prefix and place == len(parts) - 1 else _EXACT
            here: Places = defaultdict(set)
            for node, places in self.connection.all(sql, word):
                here[node].update(int(at) - place for at in places.split())
            if found is not None:
                here = {node: here[node] & at for node, at in found.items() if node in here}
            found = {node: at for node, at in here.items() if at}
        return found or {}

    def _ranked(self, found: list[Places]) -> list[int]:
        """The nodes that have all phrases, the best first."""
        count, total = self.connection.one("SELECT count(*), coalesce(sum(length), 0) FROM text")
        average = int(total) / count if count else 0.0
        weights = [_weight(count, len(places)) for places in found]
        nodes = set.intersection(*(set(places) for places in found))
        lengths = dict(
            self.connection.all(f"SELECT node, length FROM text WHERE node {IN}", many(nodes))
        )
        scores = []
        for node in nodes:
            score = 0.0
            for weight, places in zip(weights, found, strict=True):
                times = float(len(places[node]))
                divisor = times + _K1 * (1 - _B + _B * lengths[node] / average)
                score += weight * ((times * (_K1 + 1.0)) / divisor)
            scores.append((-score, node))
        return [node for _, node in sorted(scores)]


def _weight(count: int, having: int) -> float:
    """How much a phrase tells: the fewer texts have it, the more."""
    weight = log((count - having + 0.5) / (having + 0.5))
    return weight if weight > 0.0 else 1e-6
