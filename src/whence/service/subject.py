"""What the things that a question names are in a store, and how its answer repeats them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from whence._base.errors import NotKnownError
from whence._base.ids import format_id
from whence.model.kind import CONTENT
from whence.model.relation import Relation
from whence.query.describe import iso
from whence.query.plain import clean
from whence.query.profile import whole_run
from whence.query.resolve import Found, Resolver
from whence.store.protocol import Node, Store

Thing = str | bytes | os.PathLike[Any]


class Subjects:
    """The subjects of questions: found by ``resolver`` in its store."""

    def __init__(self, store: Store, resolver: Resolver) -> None:
        self._store, self._resolver = store, resolver

    def named(self, question: str, thing: Thing) -> tuple[dict[str, Any], list[Found]]:
        """What ``thing`` names, and the question: a folder stands for the files recorded in it."""
        text = os.fsencode(thing)
        below = self._resolver.find_below(text) if text.endswith(b"/") else []
        if not below:
            try:
                found = self.find(thing)
            except NotKnownError:
                below = self._resolver.find_below(text)
                if not below:
                    raise
            else:
                return self.query(question, thing, found), [found]
        return self._folder_query(question, thing, below), below

    def _folder_query(self, question: str, thing: Thing, below: list[Found]) -> dict[str, Any]:
        """The question as the answer repeats it, with how each file of the folder was found."""
        files = [self.query(question, thing, found) for found in below]
        return {
            "question": question,
            "thing": text_of(thing),
            "found_by": "folder",
            "files": [{key: one[key] for key in ("found_by", "path", "on_disk")} for one in files],
            "other_versions": [other for one in files for other in one["other_versions"]],
        }

    def find(self, thing: Thing) -> Found:
        """What ``thing`` names. Raises NotKnownError and AmbiguousError."""
        return self._resolver.find(os.fsencode(thing))

    def run_of(self, thing: Thing) -> Node:
        """The run that is named by id or name, or that made the file which is named."""
        try:
            return self.node(self._resolver.find_run(text_of(thing)).number)
        except NotKnownError:
            found = self.find(thing)
        run = whole_run(self._store, self.node(found.number))
        if run is None:
            raise NotKnownError(f"{text_of(thing)} is no run, and no recorded run made it")
        return run

    def seeds_of(self, several: list[Found], all_versions: bool) -> tuple[list[int], list[int]]:
        """The seeds and the subjects of them all, each once."""
        pairs = [self.seeds(found, all_versions) for found in several]
        return (
            list(dict.fromkeys(one for seeds, _ in pairs for one in seeds)),
            list(dict.fromkeys(one for _, subjects in pairs for one in subjects)),
        )

    def seeds(self, found: Found, all_versions: bool) -> tuple[list[int], list[int]]:
        """Where to begin, and which of these are the subjects.

        Content has no past of its own: asked for by digest it stands for all that has these bytes.
        """
        subjects = [found.number, *(v.number for v in found.others if all_versions)]
        if self.node(found.number).kind != CONTENT:
            return subjects, subjects
        edges = self._store.edges_at(found.number, "down")
        known_as = [e.source for e in edges if e.relation == Relation.SPECIALIZATION_OF]
        if len(known_as) == 1:
            return known_as, known_as
        return subjects + known_as, subjects

    def node(self, number: int) -> Node:
        (node,) = self._store.nodes([number])
        return node

    def ids(self, numbers: Sequence[int]) -> list[str]:
        by_number = {node.number: format_id(node.uid) for node in self._store.nodes(numbers)}
        return [by_number[number] for number in numbers]

    def query(self, question: str, thing: Thing, found: Found) -> dict[str, Any]:
        """The question as the answer repeats it, with how its subject was found."""
        query: dict[str, Any] = {"question": question, "thing": text_of(thing)}
        query["found_by"] = found.by
        if found.path is not None:
            query["path"] = clean(os.fsdecode(found.path))
            query["on_disk"] = found.on_disk
            query["other_versions"] = [
                {"id": one, "digest": format_id(version.digest) if version.digest else None,
                 "last_seen_at": iso(version.last_seen_at)}
                for one, version in zip(
                    self.ids([v.number for v in found.others]), found.others, strict=True
                )
            ]  # fmt: skip
        return query

    def query_of_run(self, question: str, thing: Thing, run: Node) -> dict[str, Any]:
        """The question of the run that `run_of` found, as the answer repeats it."""
        return {"question": question, "thing": text_of(thing), "run": format_id(run.uid)}


def text_of(thing: Thing) -> str:
    """The text of a thing as an answer shows it."""
    return clean(os.fsdecode(thing))
