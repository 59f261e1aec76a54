"""The lints of notebooks: what each is for. What they find is told by the service."""

from __future__ import annotations

import msgspec


class NotebookLint(msgspec.Struct, frozen=True):
    """``name`` is what turns it off; ``why`` one sentence for the docs."""

    name: str
    title: str
    why: str


STALE, EDITED, OUT_OF_ORDER = "cell-stale", "cell-edited", "cell-out-of-order"
IN_MEMORY, UNREACHABLE = "name-only-in-memory", "cell-unreachable"
HIDDEN_STATE = "model-hidden-state"

NOTEBOOK_LINTS: dict[str, NotebookLint] = {
    lint.name: lint
    for lint in (
        NotebookLint(
            STALE,
            "What a cell used has changed since it ran",
            "What it shows and made is not what a run from top to bottom gives.",
        ),
        NotebookLint(
            EDITED,
            "A cell was edited since it ran",
            "What it shows and made comes from a source that the notebook no longer has.",
        ),
        NotebookLint(
            OUT_OF_ORDER,
            "A cell ran before one above it that it depends on, or used what one below it made",
            "Who reads the notebook from top to bottom sees another order than the one that ran.",
        ),
        NotebookLint(
            IN_MEMORY,
            "A name rests on a source that the notebook no longer has",
            "When the kernel ends it can't be made again.",
        ),
        NotebookLint(
            UNREACHABLE,
            "A cell needs a name that no cell above it defines",
            "A run from top to bottom stops there.",
        ),
        NotebookLint(
            HIDDEN_STATE,
            "A model depends on state that the notebook does not show",
            "Running the notebook does not train this model again.",
        ),
    )
}
