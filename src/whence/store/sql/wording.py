"""The text under which nodes are searched: names, kinds, places, parameters, tags, attributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from whence.fold.batch import ATTRIBUTES, PARAMS, TAGS
from whence.store.sql.nodes import SHOWN, Nodes

AT_ONCE = 5_000


class Wording(Nodes):
    """Gives the text of nodes."""

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

    def shown(self) -> Iterator[list[int]]:
        """The numbers of all nodes that can be found, in portions."""
        last = 0
        while rows := self.connection.all(
            f"SELECT n.number FROM node n WHERE {SHOWN} AND n.number > ? ORDER BY 1 LIMIT ?",
            last,
            AT_ONCE,
        ):
            yield [row[0] for row in rows]
            last = rows[-1][0]


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
