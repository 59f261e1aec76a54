"""What filters can name, kept up as runs come: a store has to read all its runs for it."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from whence.store.protocol import Store


class KnownFields:
    """The names of the parameters, metrics, tags and attributes that runs have."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._names: dict[str, set[str]] | None = None

    def names(self, store: Store) -> dict[str, list[str]]:
        """The names, sorted, by space; read from the store the first time."""
        with self._lock:
            if self._names is None:
                self._names = {space: set(names) for space, names in store.field_names().items()}
            return {space: sorted(names) for space, names in self._names.items()}

    def add(self, store: Store, runs: Iterable[bytes]) -> None:
        """Add those of some runs, which have something new."""
        with self._lock:
            if self._names is None:
                return
            found = [store.number_of(run) for run in runs]
            numbers = [number for number in found if number is not None]
            for said in store.described(numbers).values():
                self._names["params"].update(said.params)
                self._names["tags"].update(said.tags)
            for summaries in store.summaries(numbers).values():
                self._names["metrics"].update(one.key for one in summaries)
