"""The recorded places whose path ends in a text: how a path is meant where there is no folder."""

from __future__ import annotations

import os
from contextlib import suppress

from whence._base.errors import StoreError
from whence.store.protocol import Node, Store

LOOKED_AT = 1000
"""Of how many things that have the words of a path the places are looked at."""


def places_ending(store: Store, path: bytes) -> dict[bytes, Node]:
    """The places that end in ``path``, each with a thing that lay there; the best fit first.

    Folders count whole: ``models/m.bin`` fits ``/a/models/m.bin`` and not ``/a/mymodels/m.bin``.
    """
    normal = os.path.normpath(path)
    if os.path.isabs(normal) or normal.split(b"/", 1)[0] in (b".", b".."):
        return {}
    words = normal.decode("utf-8", "backslashreplace")
    numbers: list[int] = []
    with suppress(StoreError):  # a text index that can't be built finds nothing
        numbers = store.search_text(words, LOOKED_AT)
    found: dict[bytes, Node] = {}
    for node in store.nodes(numbers):
        for place in node.places:
            if place.endswith(b"/" + normal):
                found.setdefault(place, node)
    return found
