"""The text under which nodes are searched: names, kinds, places, parameters, tags, attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from whence.fold.batch import ATTRIBUTES, PARAMS, TAGS
from whence.store.sql.connection import IN, many
from whence.store.sql.nodes import Nodes
from whence.store.sql.statement import Rows

AT_ONCE = 5_000
TABLES = (
    "CREATE TABLE text_built(last INTEGER NOT NULL)",
    "INSERT INTO text_built VALUES(0)",
    "CREATE TABLE text_due(node INTEGER PRIMARY KEY)",
)
"""How far the index of texts is built: up to which node, but for those that have changed since.
What is folded is only noted here, for a text is long to take apart and seldom asked for."""

_DUE = Rows("INSERT INTO text_due(node) VALUES(?int) ON CONFLICT DO NOTHING", key=1)


class Wording(Nodes):
    """Gives the text of nodes, and builds its index."""

    def make_text_tables(self) -> None:
        """Make the tables of the index, of which one is called ``text``."""
        raise NotImplementedError

    def index_text(self, numbers: Sequence[int]) -> None:
        """Have the text of these nodes in the index as it is now; within a transaction."""
        raise NotImplementedError

    def has_whole_text(self) -> bool:
        """Whether the index has every node as it is now."""
        if not self.connection.has("text_due"):
            return False
        if self.connection.one("SELECT 1 FROM text_due LIMIT 1") is not None:
            return False
        last = self.connection.one("SELECT last FROM text_built")[0]
        return next(self.shown(last, 1), None) is None

    def build_text(self, going: Callable[[], bool]) -> bool:
        """Build the index portion by portion, see the protocol."""
        while not self.has_whole_text():
            if self.connection.read_only:
                return True
            with self.connection.transaction():
                self._build_on()
            if not going():
                return self.has_whole_text()
        return True

    def note_text(self, nodes: Iterable[int]) -> None:
        """Note that the text of ``nodes`` may have changed; within a transaction."""
        if not self.connection.has("text_due"):
            return
        last = self.connection.one("SELECT last FROM text_built")[0]
        self.connection.write(_DUE, [(node,) for node in sorted(nodes) if node <= last])

    def _build_on(self) -> None:
        """Build the next portion; another process may have built it meanwhile."""
        if not self.connection.has("text_due"):
            self.make_text_tables()
            for statement in TABLES:
                self.connection.run(statement)
        rows = self.connection.all("SELECT node FROM text_due ORDER BY 1 LIMIT ?", AT_ONCE)
        due = [row[0] for row in rows]
        if due:
            self.index_text(due)
            self.connection.run(f"DELETE FROM text_due WHERE node {IN}", many(due))
            return
        last = self.connection.one("SELECT last FROM text_built")[0]
        numbers = next(self.shown(last, AT_ONCE), None)
        if numbers is not None:
            self.index_text(numbers)
            self.connection.run("UPDATE text_built SET last = ?", numbers[-1])

    def texts(self, numbers: Sequence[int]) -> dict[int, str]:
        """The text of each node that has a name or a kind."""
        words = {
            node.number: [node.name, node.kind, *_paths(node.places)]
            for node in self.nodes(numbers)
            if node.name or node.kind
        }
        for space in (PARAMS, TAGS, ATTRIBUTES):
            for number, values in self.facets(numbers, space).items():
                if number in words:
                    words[number] += _words(values)
        return {number: _plain(" ".join(listed)) for number, listed in words.items()}


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
