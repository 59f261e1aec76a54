"""Flow: which data fed which model, call site by call site. Its JSON is a public contract.

The JSON Schema lies in ``whence/query/flow.schema.json`` and is printed by ``whence schema flow``.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from whence.query.answer import Completeness
from whence.query.cells import CellPlace

Role = Literal["train", "validation", "test", "transform", "resample"]
Knowledge = Literal["observed", "inferred"]


class SourceCall(msgspec.Struct, frozen=True):
    """The call in the user's code that brought data in.

    ``origin`` is the name of the file, data set or address it read, empty where there is none;
    ``synthetic`` says that it drew random numbers. In a notebook ``line`` is the text
    ``cell:line`` and ``cell`` the execution; elsewhere an answer has no ``cell``.
    """

    call: str
    file: str
    line: int | str
    origin: str = ""
    synthetic: bool = False
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class SinkCall(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """The outermost fit-like call that the user's code made, and the class of what learned."""

    call: str
    class_: str
    file: str
    line: int | str
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class Statement(msgspec.Struct, frozen=True):
    """A statement that an inferred edge rests on."""

    file: str
    line: int | str
    cell: CellPlace | msgspec.UnsetType = msgspec.UNSET


class Columns(msgspec.Struct, frozen=True):
    """The columns of the source as the sink takes them, where they are known.

    ``features`` and the like are columns of the source, by its names. ``derived`` are features of
    the sink, by the sink's names, that the code made: of columns of the source, or of nothing that
    was read; a renamed column is one too. ``keys`` are what frames were joined or grouped by on the
    way. ``unused`` are columns that were read and are none of these.
    """

    features: list[str] = []
    labels: list[str] = []
    unused: list[str] = []
    derived: list[str] = []
    weights: list[str] = []
    groups: list[str] = []
    keys: list[str] = []


class FlowEdge(msgspec.Struct, frozen=True):
    """Data went from ``source`` to ``sink``, as the arguments that ``arguments`` names.

    ``known`` is observed where the very objects were seen, else inferred from the code between two
    calls that ran, resting on the statements ``through``.
    """

    source: SourceCall
    sink: SinkCall
    role: Role
    known: Knowledge
    columns: Columns = Columns()
    arguments: list[str] = []
    through: list[Statement] = []


class Evaluation(msgspec.Struct, frozen=True):
    """A call that scored a model on data, or asked it for predictions of them.

    ``source`` brought the data in, None where that is not known; ``call`` evaluated; ``model`` is
    the call that made the model, None where it was not seen. ``role`` is what the data are to the
    model, None where no split and no comparison with what it was trained on tells. ``value`` is
    the score; of several calls from one place, the last (NaN and the infinities as texts).
    """

    source: SourceCall | None
    call: SinkCall
    model: SinkCall | None
    role: Role | None
    known: Knowledge
    value: float | str | None = None
    arguments: list[str] = []
    through: list[Statement] = []


class Flow(msgspec.Struct, frozen=True):
    """The edges of a run, or of a script that was only read (then all are inferred).

    ``evaluations`` are no edges into what learned: on what data models were scored.
    """

    query: dict[str, Any]
    edges: list[FlowEdge]
    completeness: Completeness
    evaluations: list[Evaluation] = []
