"""Whether the files on disk are still those that were recorded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from whence._base.ids import format_id
from whence.model.kind import NodeType
from whence.query.answer import Answer, Completeness
from whence.query.completeness import completeness
from whence.query.describe import answer_nodes
from whence.query.lineage import closure_of
from whence.query.plain import clean
from whence.query.profile import profile, surrounding_run, whole_run
from whence.query.resolve import Found
from whence.service.disk import LocalDisk
from whence.service.status import summed
from whence.store.protocol import Node, Store

State = Literal["same", "changed", "missing", "unknown"]


class Check(msgspec.Struct, frozen=True):
    """One file: what was recorded and what is there now.

    ``by`` says what was compared: the digest, or the version stamp where no digest was recorded.
    ``note`` explains a state that is not plain.
    """

    id: str
    path: str
    state: State
    by: Literal["digest", "stamp", ""]
    recorded: str | None
    found: str | None
    note: str = ""


class Verification(Answer, frozen=True, kw_only=True):
    """The checks of a question; ``nodes`` are what was checked."""

    checks: list[Check]

    @property
    def is_same(self) -> bool:
        """Whether every file is as recorded (one that can't be known is not)."""
        return all(check.state == "same" for check in self.checks)


class Verifier:
    """Compares places with the versions recorded there; no place is hashed twice."""

    def __init__(self, store: Store, disk: LocalDisk) -> None:
        self._store, self._disk = store, disk
        self._digests: dict[bytes, bytes | None] = {}

    def of(self, found: Found, query: dict[str, Any], *, inputs: bool) -> Verification:
        """The answer for one thing; with ``inputs`` also for what is upstream of it."""
        checks = self.thing(found, inputs=inputs)
        return self._answer(query, checks, self.gaps(found, inputs=inputs))

    def of_all(self, query: dict[str, Any]) -> Verification:
        """The answer for the current version at every place."""
        gaps = summed(self._store.gaps())
        return self._answer(query, self.everything(), Completeness(not gaps, [], gaps))

    def _answer(
        self, query: dict[str, Any], checks: list[tuple[Node, Check]], missing: Completeness
    ) -> Verification:
        """The checks as an answer; ``missing`` is what was not recorded around them."""
        return Verification(
            query=query,
            nodes=answer_nodes(self._store, [node for node, _ in checks]),
            edges=[],
            completeness=missing,
            checks=[check for _, check in checks],
        )

    def thing(self, found: Found, *, inputs: bool) -> list[tuple[Node, Check]]:
        """The checks of a file or of a run's outputs; with ``inputs`` also of what is upstream."""
        (subject,) = self._store.nodes([found.number])
        if subject.type == NodeType.ACTIVITY:
            nodes = [node for node, _ in profile(self._store, subject).outputs()]
            checks = [(node, self._check(node, _place(node))) for node in nodes if node.places]
        else:
            recorded = self._recorded_at(found) or subject
            checks = [(recorded, self._check(recorded, found.path or _place(recorded)))]
        if inputs:
            done = {node.number for node, _ in checks}
            numbers = closure_of(self._store, [found.number], "up").numbers
            upstream = self._store.nodes([n for n in numbers if n not in done])
            files = (node for node in upstream if node.type == NodeType.ENTITY and node.places)
            checks += [(node, self._check(node, _place(node))) for node in files]
        return checks

    def gaps(self, found: Found, *, inputs: bool) -> Completeness:
        """What is missing of the runs that made what is checked, so of which files there are."""
        (subject,) = self._store.nodes([found.number])
        if inputs:
            closure = closure_of(self._store, [found.number], "up")
            return completeness(self._store, closure.numbers, inferred=closure.inferred)
        if subject.type == NodeType.ACTIVITY:
            return completeness(self._store, profile(self._store, subject).parts)
        checked = self._recorded_at(found) or subject
        run, parts = whole_run(self._store, checked), list[int]()
        while run is not None:
            around = profile(self._store, run)
            parts += around.parts
            run = surrounding_run(self._store, around)
        return completeness(self._store, [checked.number, *parts])

    def everything(self) -> list[tuple[Node, Check]]:
        """The checks of the current version at every place."""
        return [(node, self._check(node, place)) for node, place in self._current()]

    def _current(self) -> Iterable[tuple[Node, bytes]]:
        places: set[bytes] = set()
        for node in self._store.iterate():
            if node.type == NodeType.ENTITY:
                places.update(node.places)
        for place in sorted(places):
            current = [v.number for v in self._store.versions_at(place) if v.current]
            yield from ((node, place) for node in self._store.nodes(current[:1]))

    def _recorded_at(self, found: Found) -> Node | None:
        """The version that the record holds for current at the path, which may not be there now."""
        if found.path is None:
            return None
        current = [v.number for v in self._store.versions_at(found.path) if v.current]
        nodes = self._store.nodes(current[:1])
        return nodes[0] if nodes else None

    def _check(self, node: Node, place: bytes | None) -> Check:
        recorded = format_id(node.digest) if node.digest else None
        path = clean(os.fsdecode(place)) if place else ""
        identity = format_id(node.uid)
        if not place:
            return Check(identity, path, "unknown", "", recorded, None, "no place is recorded")
        stamp = self._disk.stamp(place)
        if stamp is None:
            state: State = "unknown" if self._disk.exists(place) else "missing"
            note = "not a regular file" if state == "unknown" else ""
            return Check(identity, path, state, "", recorded, None, note)
        if node.digest is None:
            return self._check_stamp(node, place, path)
        digest = self._hash(place, stamp.size)
        if digest is None:
            return Check(identity, path, "unknown", "", recorded, None, "it can't be read")
        found, same = format_id(digest), digest == node.digest
        note = "" if same else self._earlier(place, digest)
        return Check(identity, path, "same" if same else "changed", "digest", recorded, found, note)

    def _check_stamp(self, node: Node, place: bytes, path: str) -> Check:
        key = self._disk.stamp_key(place)
        version = self._store.version_by_stamp(key) if key else None
        identity = format_id(node.uid)
        if version is not None and version.number == node.number:
            return Check(identity, path, "same", "stamp", None, None, "no digest was recorded")
        return Check(
            identity, path, "unknown", "stamp", None, None,
            "no digest was recorded, and the file's version stamp is another",
        )  # fmt: skip

    def _earlier(self, place: bytes, digest: bytes) -> str:
        versions = self._store.versions_at(place)
        known = any(version.digest == digest for version in versions)
        return "it is another version recorded at this place" if known else ""

    def _hash(self, place: bytes, size: int) -> bytes | None:
        if place not in self._digests:
            self._digests[place] = self._disk.hash(place, size)
        return self._digests[place]


def _place(node: Node) -> bytes | None:
    return node.places[0] if node.places else None
