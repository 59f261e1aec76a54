"""Notebooks that others wrote: scikit-learn's examples, cut into cells at their marks."""

from __future__ import annotations

import re

from benchmarks import corpus
from benchmarks.peer import PeerUnavailableError

_MARK = re.compile(r"^# %%.*$", re.M)
_SLOW = re.compile(
    r"fetch_|urlretrieve|datasets.face|skimage|GridSearchCV|RandomizedSearch|permutation|n_jobs|HistGradient|cross_val"
)
SMALLEST, LARGEST = 4, 25


def notebooks(most: int) -> list[tuple[str, list[str]]] | str:
    """The names and cells of up to ``most`` examples that are quick; a reason where none is had."""
    try:
        folder = corpus.scripts()[0].path
    except PeerUnavailableError as error:
        return str(error)
    while folder.name != "examples":
        folder = folder.parent
    found = []
    for path in sorted(folder.rglob("plot_*.py")):
        text = path.read_text()
        cells = [_code(one) for one in _MARK.split(text)]
        cells = [one for one in cells if one]
        if SMALLEST <= len(cells) <= LARGEST and not _SLOW.search(text):
            found.append((path.name, cells))
    return found[:: max(len(found) // most, 1)][:most]


def _code(text: str) -> str:
    """The lines of a cell without the comments around them, and without its pictures shown."""
    lines = [line for line in text.strip().splitlines() if not line.startswith("#")]
    return "\n".join(lines).strip()
