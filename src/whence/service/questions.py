"""The questions that every face asks: what the command line and the Python API share.

with open_questions() as asked:
    print(asked.trace("models/model.joblib"))
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whence._base.errors import NotKnownError, UsageError
from whence._base.ids import format_id
from whence.journal.home import content_path, find_store
from whence.model.kind import CONTENT
from whence.model.relation import Relation
from whence.query.answer import Answer, Completeness, Truncation
from whence.query.columns import column_uses
from whence.query.completeness import completeness
from whence.query.describe import answer_nodes, iso
from whence.query.diff import diff_runs
from whence.query.lineage import closure_answer, paths_answer
from whence.query.plain import clean
from whence.query.profile import whole_run
from whence.query.resolve import Found, Resolver
from whence.query.sheet import sheet_fields, surroundings
from whence.service import asking
from whence.service.disk import LocalDisk, Report
from whence.service.flow.difference import flow_difference
from whence.service.flow.edges import RunFlow
from whence.service.flow.lineage import with_flow
from whence.service.flow.script import script_flow, script_named
from whence.service.flow.uses import ColumnTaking
from whence.service.index import open_store
from whence.service.reply import ColumnImpact, ColumnUses, Diff, Flow, Lineage, Runs, Sheet, Why
from whence.service.runs import list_runs
from whence.service.status import StoreStatus, store_status, summed
from whence.service.tracing import NamedColumn, column_impact, column_named, explained, with_columns
from whence.service.verify import Verification, Verifier, verification
from whence.store.protocol import Direction, Node, Store

Thing = str | bytes | os.PathLike[Any]


@contextmanager
def open_questions(
    store: Thing | None = None, cwd: Thing | None = None, progress: Report | None = None
) -> Iterator[Questions]:
    """The store of ``cwd`` (or the one that is named), folded up to now, ready to be asked.

    Raises StoreNotFoundError and the other errors of a store.
    """
    here = os.path.abspath(os.fsencode(cwd if cwd is not None else os.getcwd()))
    folder = find_store(os.fsdecode(here), None if store is None else os.fsdecode(store))
    with open_store(folder, progress) as index:
        yield Questions(index, folder, here, progress)


class Questions:
    """One open store and the place from which it is asked."""

    def __init__(
        self, store: Store, folder: Path, cwd: bytes, progress: Report | None = None
    ) -> None:
        self.store, self.folder, self.cwd = store, folder, cwd
        self.progress, self.disk = progress, LocalDisk(progress)
        self._resolver = Resolver(store, self.disk, cwd, os.fsencode(folder.parent))

    def trace(self, thing: Thing, *, columns: bool = False, **options: Any) -> Lineage:
        """Everything upstream of ``thing``; see `lineage` for the options.

        ``columns`` adds the columns of the models, each back to those of the files.
        """
        found = self._lineage("trace", "up", thing, **options)
        return with_columns(self.store, found, self._kept) if columns else found

    def impact(self, thing: Thing, **options: Any) -> Lineage:
        """Everything downstream of ``thing``; see `lineage` for the options.

        ``FILE:COLUMN`` is one column of a table; a file whose name is just so goes before.
        """
        column = self._column_of(thing)
        if column is None:
            return self._lineage("impact", "down", thing, **options)
        if options.get("max_depth") or options.get("max_nodes"):
            raise UsageError("What a column reaches is never cut; leave --depth and --limit out")
        return self._column_impact(thing, *column, bool(options.get("all_versions")))

    def _column_of(self, thing: Thing) -> tuple[str, str] | None:
        """The file and the column that ``FILE:COLUMN`` names; None for a name that is known."""
        return column_named(
            self.store,
            os.fsdecode(thing),
            lambda: self._subjects("impact", thing),
            lambda file: self._seeds(self._find(file), True)[0],
        )

    def _column_impact(
        self, thing: Thing, file: str, column: str, all_versions: bool
    ) -> ColumnImpact:
        found = self._find(file)
        seeds, _ = self._seeds(found, all_versions)
        named = NamedColumn(self.store, file, seeds)
        having = named.having(column)
        if not having:  # only a version that was not asked for has it
            raise named.unknown(column)
        query = self._query("impact", thing, found)
        query |= {"column": clean(column), "direction": "down", "all_versions": all_versions}
        return column_impact(self.store, query, having, column, self._kept)

    def _lineage(
        self,
        question: str,
        direction: Direction,
        thing: Thing,
        *,
        all_versions: bool = False,
        max_depth: int | None = None,
        max_nodes: int | None = None,
    ) -> Lineage:
        query, several = self._subjects(question, thing)
        seeds, subjects = self._seeds_of(several, all_versions)
        answer = closure_answer(self.store, seeds, direction, max_depth, max_nodes)
        query |= {
            "direction": direction,
            "all_versions": all_versions,
            "max_depth": max_depth,
            "max_nodes": max_nodes,
            "subjects": self._ids(subjects),
        }
        return _lineage(with_flow(self.store, answer, self._kept), query)

    def _subjects(self, question: str, thing: Thing) -> tuple[dict[str, Any], list[Found]]:
        """What ``thing`` names, and the question: a folder stands for the files recorded in it."""
        text = os.fsencode(thing)
        below = self._resolver.find_below(text) if text.endswith(b"/") else []
        if not below:
            try:
                found = self._find(thing)
            except NotKnownError:
                below = self._resolver.find_below(text)
                if not below:
                    raise
            else:
                return self._query(question, thing, found), [found]
        return self._folder_query(question, thing, below), below

    def _folder_query(self, question: str, thing: Thing, below: list[Found]) -> dict[str, Any]:
        """The question as the answer repeats it, with how each file of the folder was found."""
        files = [self._query(question, thing, found) for found in below]
        return {
            "question": question,
            "thing": _text(thing),
            "found_by": "folder",
            "files": [{key: one[key] for key in ("found_by", "path", "on_disk")} for one in files],
            "other_versions": [other for one in files for other in one["other_versions"]],
        }

    def why(self, source: Thing, target: Thing) -> Why:
        """Every path between two things, whichever of them lies upstream of the other.

        What was inferred on the way is there with the statements that it rests on.
        """
        (_, first), (_, second) = self._subjects("why", source), self._subjects("why", target)
        query: dict[str, Any] = {
            "question": "why", "source": _text(source), "target": _text(target), "direction": "up",
        }  # fmt: skip
        for upper, lower in ((first, second), (second, first)):
            above, _ = self._seeds_of(upper, False)
            below, subjects = self._seeds_of(lower, False)
            answer = paths_answer(self.store, above, below)
            if answer.nodes:
                break
        between = {node.id for node in answer.nodes}
        query["subjects"] = [one for one in self._ids(subjects) if one in between]
        return explained(self.store, answer, query, self._kept)

    def show(self, thing: Thing) -> Sheet:
        """What is known of ``thing`` itself."""
        found = self._find(thing)
        around = surroundings(self.store, self._node(found.number))
        return Sheet(
            query=self._query("show", thing, found) | {"subjects": self._ids([found.number])},
            completeness=completeness(self.store, around.parts),
            **sheet_fields(self.store, around),
        )

    def diff(self, left: Thing, right: Thing) -> Diff:
        """Two runs compared. A file stands for the run that made it."""
        left_run, right_run = runs = [self._run_of(left), self._run_of(right)]
        sections = diff_runs(self.store, left_run, right_run, self._kept)
        return Diff(
            query={
                "question": "diff",
                "left": _text(left),
                "right": _text(right),
                "subjects": self._ids([run.number for run in runs]),
            },
            nodes=answer_nodes(self.store, runs),
            edges=[],
            completeness=completeness(self.store, [run.number for run in runs]),
            sections=sections,
            flow=flow_difference(self.store, left_run, right_run, sections, self._kept),
        )

    def flow(self, thing: Thing) -> Flow:
        """Which data fed which model, in a run or (``*.py``) in a script that is only read."""
        script = script_named(thing, self.cwd)
        if script is not None:
            edges, complete = script_flow(script, _text(thing))
            return Flow({"question": "flow", "thing": _text(thing), "run": None}, edges, complete)
        run = self._run_of(thing)
        found = RunFlow(self.store, run, self._kept)
        query = self._asked_of("flow", thing, run)
        return Flow(query, found.edges(), found.completeness(), found.evaluations())

    def columns(self, thing: Thing) -> ColumnUses:
        """What each column that a run read was for."""
        run = self._run_of(thing)
        found = RunFlow(self.store, run, self._kept)
        taking = ColumnTaking(self.store, found)
        uses = column_uses(taking.told())
        own, gaps = found.completeness(), taking.gaps()
        complete = Completeness(own.complete and not gaps, own.truncated, [*own.gaps, *gaps])
        return ColumnUses(self._asked_of("columns", thing, run), uses, complete)

    def ask(self, question: str, **arguments: Any) -> asking.Asked:
        """The answer to one of the questions about learning; see `whence.query.ask.registry`."""
        return asking.ask(self.store, self.node_of, question, arguments)

    def _asked_of(self, question: str, thing: Thing, run: Node) -> dict[str, Any]:
        return {"question": question, "thing": _text(thing), "run": format_id(run.uid)}

    def runs(
        self,
        filter: str | None = None,
        order_by: str | Sequence[str] | None = None,
        limit: int | None = None,
        fields: Sequence[str] = (),
        whole: bool = True,
    ) -> Runs:
        """The runs that fit, newest first unless ordered; ``fields`` are added to each.

        ``whole`` adds the parameters, metrics and tags of each.

        Raises FilterError.
        """
        return list_runs(self.store, filter, order_by, limit, fields, whole)

    def search(self, text: str, limit: int = 20) -> Answer:
        """Things with ``text`` in their names, parameters, tags or attributes, best first."""
        found = self.store.search_text(text, limit + 1)
        truncated = [Truncation("limit", limit, [])] if len(found) > limit else []
        return Answer(
            {"question": "search", "text": text, "limit": limit},
            answer_nodes(self.store, self.store.nodes(found[:limit])),
            [],
            Completeness(not truncated, truncated, []),
        )

    def verify(self, thing: Thing | None = None, *, inputs: bool = False) -> Verification:
        """What is on disk against the record: of one thing, with what is upstream, or of all."""
        verifier = Verifier(self.store, self.disk)
        if thing is None:
            checks = verifier.everything()
            gaps = summed(self.store.gaps())
            missing = Completeness(not gaps, [], gaps)
            query: dict[str, Any] = {"question": "verify", "thing": None}
        else:
            found = self._find(thing)
            checks = verifier.thing(found, inputs=inputs)
            missing = verifier.gaps(found, inputs=inputs)
            query = self._query("verify", thing, found) | {"inputs": inputs}
        return verification(self.store, query, checks, missing)

    def status(self) -> StoreStatus:
        """The store: where it is, what is in it and what is missing."""
        return store_status(self.store, self.folder)

    def node_of(self, thing: Thing) -> Node:
        """What ``thing`` names. Raises NotKnownError and AmbiguousError."""
        return self._node(self._find(thing).number)

    def _find(self, thing: Thing) -> Found:
        return self._resolver.find(os.fsencode(thing))

    def _run_of(self, thing: Thing) -> Node:
        """The run that is named by id or name, or that made the file which is named."""
        try:
            return self._node(self._resolver.find_run(_text(thing)).number)
        except NotKnownError:
            found = self._find(thing)
        run = whole_run(self.store, self._node(found.number))
        if run is None:
            raise NotKnownError(f"{_text(thing)} is no run, and no recorded run made it")
        return run

    def _seeds_of(self, several: list[Found], all_versions: bool) -> tuple[list[int], list[int]]:
        """The seeds and the subjects of them all, each once."""
        pairs = [self._seeds(found, all_versions) for found in several]
        return (
            list(dict.fromkeys(one for seeds, _ in pairs for one in seeds)),
            list(dict.fromkeys(one for _, subjects in pairs for one in subjects)),
        )

    def _seeds(self, found: Found, all_versions: bool) -> tuple[list[int], list[int]]:
        """Where to begin, and which of these are the subjects.

        Content has no past of its own: asked for by digest it stands for all that has these bytes.
        """
        subjects = [found.number, *(v.number for v in found.others if all_versions)]
        if self._node(found.number).kind != CONTENT:
            return subjects, subjects
        edges = self.store.edges_at(found.number, "down")
        known_as = [e.source for e in edges if e.relation == Relation.SPECIALIZATION_OF]
        if len(known_as) == 1:
            return known_as, known_as
        return subjects + known_as, subjects

    def _node(self, number: int) -> Node:
        (node,) = self.store.nodes([number])
        return node

    def _ids(self, numbers: Sequence[int]) -> list[str]:
        by_number = {node.number: format_id(node.uid) for node in self.store.nodes(numbers)}
        return [by_number[number] for number in numbers]

    def _query(self, question: str, thing: Thing, found: Found) -> dict[str, Any]:
        """The question as the answer repeats it, with how its subject was found."""
        query: dict[str, Any] = {"question": question, "thing": _text(thing)}
        query["found_by"] = found.by
        if found.path is not None:
            query["path"] = clean(os.fsdecode(found.path))
            query["on_disk"] = found.on_disk
            query["other_versions"] = [
                {"id": one, "digest": format_id(version.digest) if version.digest else None,
                 "last_seen_at": iso(version.last_seen_at)}
                for one, version in zip(
                    self._ids([v.number for v in found.others]), found.others, strict=True
                )
            ]  # fmt: skip
        return query

    def _kept(self, digest: bytes) -> bytes | None:
        try:
            return content_path(self.folder, digest).read_bytes()
        except OSError:
            return None


def _lineage(answer: Answer, query: dict[str, Any]) -> Lineage:
    return Lineage(query, answer.nodes, answer.edges, answer.completeness)


def _text(thing: Thing) -> str:
    return clean(os.fsdecode(thing))
