"""Which lines of the user's files ran in a run, where every process of it has told."""

from __future__ import annotations

from whence.model.kind import PROCESS, RUN
from whence.query.profile import Profile
from whence.store.protocol import Store


def lines_that_ran(store: Store, whole: Profile) -> dict[str, set[int]]:
    """By file. Empty when a process has not told: an older Python, or one that was killed."""
    processes = [node.number for node in store.nodes(whole.parts) if node.kind in (RUN, PROCESS)]
    told = store.attributes_of(processes)
    found: dict[str, set[int]] = {}
    for number in processes:
        files = told.get(number, {}).get("lines")
        if not isinstance(files, dict):
            return {}
        for file, ends in files.items():
            lines = found.setdefault(file, set())
            for first, last in zip(ends[::2], ends[1::2], strict=True):
                lines.update(range(first, last + 1))
    return found
