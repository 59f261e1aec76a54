"""What the run of a notebook came to, and the steps on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from whence.model.status import Status

Stage = Literal["starts", "runs", "ran", "failed"]


class Step(NamedTuple):
    """How far a notebook is: cell ``number`` of ``total`` code cells, from 1; 0 is the kernel."""

    stage: Stage
    number: int
    total: int
    source: str = ""


class CellFailure(NamedTuple):
    """The cell that stopped the notebook: its number among the code cells, id and exception."""

    number: int
    cell: str
    error: str
    message: str
    traceback: str


@dataclass(frozen=True, slots=True)
class ExecutedNotebook:
    """A notebook as it ran.

    ``run`` is the id of the session, empty where nothing was recorded; ``notebook`` has the outputs
    up to where it stopped; ``signal`` is the one that stopped it, 0 for none.
    """

    run: str
    notebook: Any
    status: Status
    failure: CellFailure | None = None
    signal: int = 0
