"""Watches Hugging Face datasets: what is loaded from files, what becomes of it, what is saved.

The files are told whether the library reads them or what it kept of them in its cache. The parts of
a data set that has splits are told by their names. Rows and columns that are taken out of a data
set are followed by the code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call, Told, Watched
from whence.observers.describe import is_a
from whence.observers.locating import targets_of
from whence.observers.notes import Notes
from whence.observers.openings import is_url, opening, public_url
from whence.observers.tables import TableFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = ("from_csv", "from_json", "from_parquet", "from_text", "load_from_disk")
OF_FRAMES = ("from_pandas", "from_polars")
TO_FRAMES = ("to_pandas", "to_polars")
WRITERS = ("save_to_disk", "to_csv", "to_json", "to_parquet")
CHANGES = (
    "map", "filter", "select", "train_test_split", "shuffle", "sort", "shard", "take", "skip",
    "rename_column", "rename_columns", "remove_columns", "select_columns", "add_column", "cast",
    "cast_column", "class_encode_column", "flatten", "flatten_indices", "with_format",
    "with_transform", "batch", "to_iterable_dataset",
)  # fmt: skip
JOINING = ("concatenate_datasets", "interleave_datasets")

_SPLITS = {
    "train": "train", "training": "train", "test": "test", "testing": "test",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
}  # fmt: skip
_NO_FILES: dict[str, Any] = {}


class DatasetsObserver:
    """Records which data sets came from which files, from each other, and what they went into."""

    library: ClassVar[str] = "datasets"
    tested: ClassVar[str] = ">=3,<6"

    def attach(self, module: ModuleType, session: Session) -> None:
        self._session, self._watcher = session, Watcher(session, "datasets")
        if "datasets.arrow_dataset" not in sys.modules:
            return  # A module of the user's own that has the same name.
        note_untested(session, module, self.tested)
        self._files = TableFiles(session)
        self._notes, self._sources = self._files.notes, self._files.sources
        self._module = module
        self._function("load_dataset", self._load, self._loaded)
        self._function("load_from_disk", self._read, self._loaded)
        for name in JOINING:
            self._function(name, None, self._joined)
        single = (module.Dataset, module.IterableDataset)
        several = (module.DatasetDict, module.IterableDatasetDict)
        self._methods((*single, *several), READERS, self._read, self._loaded)
        self._methods(single, OF_FRAMES, None, self._converted)
        self._methods(single, TO_FRAMES, None, self._files.converted)
        self._methods((*single, *several), WRITERS, self._files.writing, self._saved)
        self._methods((*single, *several), CHANGES, None, self._changed)

    def detach(self) -> None:
        self._watcher.detach()

    def _function(self, name: str, called: Told | None, returned: Told) -> None:
        self._watcher.function(self._module, name, self._watch(name, called, returned))

    def _methods(
        self, owners: tuple[type, ...], names: tuple[str, ...], called: Told | None, returned: Told
    ) -> None:
        for name in names:
            for owner in owners:
                self._watcher.method(owner, name, self._watch(name, called, returned))

    def _watch(self, name: str, called: Told | None, returned: Told) -> Watched:
        return self._watcher.watch(f"datasets.{name}", group="io", called=called, returned=returned)

    def _load(self, call: Call) -> None:
        given = call.arguments
        named = asked(lambda: files_by_split(given), _NO_FILES)
        call.note = {split: self._targets(files) for split, files in named.items()}

    def _read(self, call: Call) -> None:
        """A reader of files takes their names first, alone or by split."""
        names = [value for name, value in call.arguments.items() if name != "cls"]
        first = names[0] if names else None
        named = first if isinstance(first, Mapping) else {"": first}
        call.note = {split: self._targets(files) for split, files in named.items()}

    def _targets(self, files: Any) -> list[Any]:
        """Targets, and addresses as they are."""
        found: list[Any] = list(targets_of(self._session, files, "r"))
        named = files if isinstance(files, list | tuple) else [files]
        return found + [public_url(one) for one in named if is_url(one)]

    def _loaded(self, call: Call) -> None:
        if call.error is not None:
            return
        origins = {split: self._origins(found) for split, found in (call.note or {}).items()}
        everything = [origin for found in origins.values() for origin in found]
        used = [(origin, split) for split, found in origins.items() for origin in found]
        read = self._sources.activity(call, used)
        if read is None:
            return
        has_splits = len(origins) > 1 or len(list(members_of(call.result))) > 1
        for name, member in members_of(call.result):
            own = origins.get(name, everything)
            made = self._made(call, member, name if has_splits else "", own)
            self._notes.relate(made, Relation.WAS_GENERATED_BY, read, call.name)

    def _origins(self, found: list[Any]) -> list[bytes]:
        files = self._session.files
        named = [
            self._notes.entity(kinds.URL, one, {})
            if isinstance(one, str)
            else opening(files, one, "r")
            for one in found
        ]
        return [origin for origin in named if origin is not None]

    def _converted(self, call: Call) -> None:
        frames = [value for name, value in call.arguments.items() if name != "cls"]
        if call.error is None and frames:
            source = self._notes.known_or_new(frames[0], "frame", call)
            self._made(call, call.result, "", [source])

    def _changed(self, call: Call) -> None:
        """Record that a data set, or each of its splits, was made of another."""
        if call.error is not None or call.result is call.first:
            return
        before = dict(members_of(call.first))
        everything = self._known(list(before.values()))
        for name, member in members_of(call.result):
            own = self._known([before[name]]) if name in before else everything
            if own and self._notes.live.entity_of(member) is None:
                self._made(call, member, name, own)

    def _saved(self, call: Call) -> None:
        whole = call.first
        if isinstance(whole, dict) and self._notes.live.entity_of(whole) is None:
            self._made(call, whole, "", self._known(list(whole.values())))
        self._files.written(call)

    def _joined(self, call: Call) -> None:
        parts = call.first
        if call.error is None and isinstance(parts, list | tuple):
            known = self._known([one for part in parts for _, one in members_of(part)])
            if known:
                self._made(call, call.result, "", known)

    def _known(self, things: list[Any]) -> list[bytes]:
        known = (self._notes.live.entity_of(thing) for thing in things)
        return [one for one in known if one is not None]

    def _made(self, call: Call, member: Any, split: str, origins: list[bytes]) -> bytes:
        notes: Notes = self._notes
        told = notes.site(call)
        if split in _SPLITS:
            told["split"] = _SPLITS[split]
        made = notes.thing(member, split or "dataset", **told)
        for origin in dict.fromkeys(origins):
            notes.relate(made, Relation.WAS_DERIVED_FROM, origin, split or call.name)
        return made


def members_of(thing: object) -> Iterator[tuple[str, Any]]:
    """The data set itself, or its splits by their names."""
    if isinstance(thing, dict):
        yield from ((str(name), member) for name, member in thing.items())
    elif is_a(thing, "datasets.arrow_dataset", "Dataset") or is_a(
        thing, "datasets.iterable_dataset", "IterableDataset"
    ):
        yield "", thing


def files_by_split(given: Mapping[str, Any]) -> dict[str, Any]:
    """The files that ``load_dataset`` is to load, by split; a name on the Hub as its address."""
    path, folder, files = given.get("path"), given.get("data_dir"), given.get("data_files")
    is_here = isinstance(path, str | os.PathLike) and os.path.exists(path)
    base = path if is_here else folder
    if files is not None:
        by_split = files if isinstance(files, Mapping) else {"": files}
        return {str(split): _below(base, value) for split, value in by_split.items()}
    if base is not None and os.path.exists(base):
        return {"": base}
    return {"": f"hf://datasets/{path}"}


def _below(base: Any, files: Any) -> list[Any]:
    named = list(files) if isinstance(files, list | tuple) else [files]
    if base is None or not os.path.isdir(base):
        return named
    return [one if is_url(one) else os.path.join(base, one) for one in named]
