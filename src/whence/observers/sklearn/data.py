"""Data sets that come with scikit-learn, and the split into training and test data."""

from __future__ import annotations

from typing import Any

from whence._base.ids import derived_id
from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.model.value import encode, typed
from whence.observers.call import Call
from whence.observers.describe import columns_of, is_array, is_frame, shape_of
from whence.observers.given import data_arguments, known_data
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.repeats import Repeats
from whence.observers.sources import Sources

_FROM_FILES = ("load_files", "load_svmlight_file", "load_svmlight_files")
_NO_SETTINGS: dict[str, Any] = {}

MOST_SPLITS = 300
"""So many splits from one place are recorded one by one; the rest is counted."""

_SPLIT_SETTINGS = ("test_size", "train_size", "random_state", "shuffle")


class Datasets:
    """Records the data sets that ``sklearn.datasets`` gives.

    One that ships with the library or is fetched is the same entity in every run; one that is
    made up is new each time, with its seed.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._sources = Sources(notes)

    def loading(self, call: Call) -> None:
        if call.name in _FROM_FILES:
            call.note = target_of(self._notes.session.files, call.first, "r")

    def loaded(self, call: Call) -> None:
        if call.error is not None:
            return
        notes, settings = self._notes, _settings(call)
        is_made = call.name.startswith("make_") or call.name in _FROM_FILES
        attributes = {**_bunch_attributes(call.result), "params": settings}
        id = notes.new_id() if is_made else _known_id(call.name, settings)
        if call.name.startswith("make_"):
            attributes["synthetic"] = True
        notes.entity(kinds.DATASET, call.name, attributes, id)
        used = [] if is_made else [(id, call.name)]
        if isinstance(call.note, Target):
            file = opening(notes.session.files, call.note, "r")
            if file is not None:
                used.append((file, ""))
                notes.relate(id, Relation.WAS_DERIVED_FROM, file, call.name)
        read = self._sources.activity(call, used)
        if is_made and read is not None:
            notes.relate(id, Relation.WAS_GENERATED_BY, read)
        for part in _parts(call.result):
            notes.live.remember(part, id, kinds.DATASET, call.name)


class Splits:
    """Records splits into training and test data: ``train_test_split``, and those of splitters."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._repeats = Repeats(notes, MOST_SPLITS)

    def split(self, call: Call) -> None:
        notes, arrays = self._notes, call.arguments.get("arrays", ())
        result: Any = call.result if call.error is None else ()
        sources = [notes.live.entity_of(array) for array in arrays]
        made: list[tuple[bytes, str]] = []
        for at, part in enumerate(result):
            role, source = ("train", "test")[at % 2], sources[at // 2]
            if not (is_frame(part) or is_array(part)):
                continue
            entity = notes.thing(part, role, split=role)
            made.append((entity, role))
            if source is not None:
                notes.relate(entity, Relation.WAS_DERIVED_FROM, source, role)
        settings = {name: call.arguments.get(name) for name in _SPLIT_SETTINGS}
        settings = {name: value for name, value in settings.items() if value is not None}
        settings["stratify"] = call.arguments.get("stratify") is not None
        used = [(source, "") for source in dict.fromkeys(sources) if source is not None]
        told = {**notes.anchor(call), "splits": "arrays"}
        notes.activity(call, kinds.CALL, settings, used, made, **told)

    def folded(self, call: Call) -> None:
        """Record that a splitter began to give the indices of its folds."""
        splitter, notes = call.first, self._notes
        call.name = f"{type(splitter).__name__}.split"
        place = (call.name, call.site)
        if call.error is not None or self._repeats.stand_in(place) is not None:
            return
        _, *given = call.arguments.items()
        settings = {
            name: value
            for name, value in asked(lambda: vars(splitter), _NO_SETTINGS).items()
            if value is not None and isinstance(value, str | bool | int | float)
        }
        told = {**notes.anchor(call), "splits": "folds", "given": data_arguments(given)}
        used = [(entity, name) for name, entity in known_data(notes, given)]
        self._repeats.recorded(place, notes.activity(call, kinds.CALL, settings, used, **told))


def _known_id(name: str, settings: dict[str, Any]) -> bytes:
    return derived_id(b"sklearn.datasets", name, encode(settings))


def _settings(call: Call) -> dict[str, Any]:
    """The arguments that decide what the data are: numbers and texts, not how they come back."""
    ignored = ("return_X_y", "as_frame", "data_home", "n_retries", "delay", "download_if_missing")
    return {
        name: typed(value)
        for name, value in call.arguments.items()
        if name not in ignored and isinstance(value, str | bool | int | float)
    }


def _bunch_attributes(result: Any) -> dict[str, Any]:
    """Shape, columns and target of what a function of ``sklearn.datasets`` gave back."""
    data = result[0] if isinstance(result, tuple) and result else _member(result, "data")
    if data is None:
        data = _member(result, "images")
    found: dict[str, Any] = {"library": "sklearn"}
    shape = shape_of(data)
    if shape is not None:
        found["shape"] = shape
    names = _member(result, "feature_names")
    columns = columns_of(data) if names is None else list(names)
    if columns is not None:
        found["columns"] = [str(column) for column in columns]
    return found


def _member(bunch: Any, name: str) -> Any:
    return bunch.get(name) if isinstance(bunch, dict) else None


def _parts(result: Any) -> list[Any]:
    """The objects that hold a data set: the bunch, its tables and arrays, or a tuple of them."""
    parts = list(result) if isinstance(result, tuple) else [result]
    if isinstance(result, dict):
        parts += asked(lambda: list(result.values()), [])
    return [part for part in parts if is_frame(part) or is_array(part) or part is result]
