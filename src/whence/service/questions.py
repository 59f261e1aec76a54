"""The questions that every face asks: what the command line and the Python API share.

with open_questions() as asked:
    print(asked.trace("models/model.joblib"))

What reads the code of scripts is loaded by the questions that need it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whence._base.errors import NotKnownError, UsageError
from whence.journal.home import content_path, find_store, named_remote
from whence.query.answer import Answer, Completeness, Truncation
from whence.query.columns import column_uses
from whence.query.completeness import completeness
from whence.query.describe import answer_nodes
from whence.query.disk import Disk
from whence.query.lineage import closure_answer, paths_answer
from whence.query.plain import clean
from whence.query.resolve import Resolver
from whence.query.sheet import sheet_fields, surroundings
from whence.service.disk import LocalDisk, Report
from whence.service.index import open_store
from whence.service.reply import ColumnImpact, ColumnUses, Diff, Flow, Lineage, Runs, Sheet, Why
from whence.service.runs import list_runs
from whence.service.status import StoreStatus, store_status
from whence.service.subject import Subjects, text_of
from whence.service.subject import Thing as Thing
from whence.service.verify import Verification, Verifier
from whence.store.protocol import Direction, Node, Store

if TYPE_CHECKING:
    from whence.service.asking import Asked
    from whence.service.flow.flows import Flows


@contextmanager
def open_questions(
    store: Thing | None = None,
    cwd: Thing | None = None,
    progress: Report | None = None,
    *,
    disk: Disk | None = None,
) -> Iterator[Questions]:
    """The store of ``cwd`` (or the one that is named), folded up to now, ready to be asked.

    ``store`` may be a project of a server too. ``disk`` as `Questions` takes it.
    Raises StoreNotFoundError and the other errors of a store.
    """
    here = os.path.abspath(os.fsencode(cwd if cwd is not None else os.getcwd()))
    server = named_remote(None if store is None else os.fsdecode(store))
    if server:
        from whence.service.remote import remote_questions  # most ask a store on this machine

        with remote_questions(server, here) as asked:
            yield asked
        return
    folder = find_store(os.fsdecode(here), None if store is None else os.fsdecode(store))
    with open_store(folder, progress) as index:
        yield Questions(index, folder, here, progress, disk=disk)


class Questions:
    """One open store and the place from which it is asked.

    ``disk`` is that of this machine if None; with `NoDisk` nothing outside the store is looked at.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        cwd: bytes,
        progress: Report | None = None,
        *,
        disk: Disk | None = None,
    ) -> None:
        self.store, self.folder, self.cwd = store, folder, cwd
        self.progress = progress
        self.disk = LocalDisk(progress) if disk is None else disk
        resolver = Resolver(store, self.disk, cwd, os.fsencode(folder.parent))
        self._subjects = Subjects(store, resolver)

    def trace(self, thing: Thing, *, columns: bool = False, **options: Any) -> Lineage:
        """Everything upstream of ``thing``; see `lineage` for the options.

        ``columns`` adds the columns of the models, each back to those of the files.
        """
        if not columns:
            return self._lineage("trace", "up", thing, **options)
        from whence.service.flow.flows import Flows
        from whence.service.tracing import with_columns

        flows = Flows(self.store, self.kept)
        found = self._lineage("trace", "up", thing, flows, **options)
        return with_columns(self.store, found, self.kept, flows)

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
        from whence.service.tracing import column_named

        return column_named(
            self.store,
            os.fsdecode(thing),
            lambda: self._subjects.named("impact", thing),
            lambda file: self._subjects.seeds(self._subjects.find(file), True)[0],
        )

    def _column_impact(
        self, thing: Thing, file: str, column: str, all_versions: bool
    ) -> ColumnImpact:
        from whence.service.tracing import NamedColumn, column_impact

        found = self._subjects.find(file)
        seeds, _ = self._subjects.seeds(found, all_versions)
        named = NamedColumn(self.store, file, seeds)
        having = named.having(column)
        if not having:  # only a version that was not asked for has it
            raise named.unknown(column)
        query = self._subjects.query("impact", thing, found)
        query |= {"column": clean(column), "direction": "down", "all_versions": all_versions}
        return column_impact(self.store, query, having, column, self.kept)

    def _lineage(
        self,
        question: str,
        direction: Direction,
        thing: Thing,
        flows: Flows | None = None,
        *,
        all_versions: bool = False,
        max_depth: int | None = None,
        max_nodes: int | None = None,
    ) -> Lineage:
        from whence.service.flow.lineage import with_flow

        query, several = self._subjects.named(question, thing)
        seeds, subjects = self._subjects.seeds_of(several, all_versions)
        answer = closure_answer(self.store, seeds, direction, max_depth, max_nodes)
        query |= {
            "direction": direction,
            "all_versions": all_versions,
            "max_depth": max_depth,
            "max_nodes": max_nodes,
            "subjects": self._subjects.ids(subjects),
        }
        whole = with_flow(self.store, answer, self.kept, flows)
        return Lineage(query, whole.nodes, whole.edges, whole.completeness)

    def why(self, source: Thing, target: Thing) -> Why:
        """Every path between two things, whichever of them lies upstream of the other.

        What was inferred on the way is there with the statements that it rests on.
        """
        from whence.service.tracing import explained

        _, first = self._subjects.named("why", source)
        _, second = self._subjects.named("why", target)
        ends = {"source": text_of(source), "target": text_of(target)}
        query: dict[str, Any] = {"question": "why", **ends, "direction": "up"}
        for upper, lower in ((first, second), (second, first)):
            above, _ = self._subjects.seeds_of(upper, False)
            below, subjects = self._subjects.seeds_of(lower, False)
            answer = paths_answer(self.store, above, below)
            if answer.nodes:
                break
        between = {node.id for node in answer.nodes}
        query["subjects"] = [one for one in self._subjects.ids(subjects) if one in between]
        return explained(self.store, answer, query, self.kept)

    def show(self, thing: Thing) -> Sheet:
        """What is known of ``thing`` itself."""
        found = self._subjects.find(thing)
        around = surroundings(self.store, self._subjects.node(found.number))
        query = self._subjects.query("show", thing, found)
        return Sheet(
            query=query | {"subjects": self._subjects.ids([found.number])},
            completeness=completeness(self.store, around.concerned),
            **sheet_fields(self.store, around),
        )

    def diff(self, left: Thing, right: Thing) -> Diff:
        """Two runs compared. A file stands for the run that made it."""
        from whence.service.comparing import compared_runs

        runs = [self._subjects.run_of(left), self._subjects.run_of(right)]
        sections, flow, cells = compared_runs(self.store, runs[0], runs[1], self.kept, self.disk)
        return Diff(
            query={
                "question": "diff",
                "left": text_of(left),
                "right": text_of(right),
                "subjects": self._subjects.ids([run.number for run in runs]),
            },
            nodes=answer_nodes(self.store, runs),
            edges=[],
            completeness=completeness(self.store, [run.number for run in runs]),
            sections=sections,
            flow=flow,
            cells=cells,
        )

    def flow(self, thing: Thing) -> Flow:
        """Which data fed which model, in a run, or in a script or notebook that is only read."""
        from whence.service.flow.edges import RunFlow
        from whence.service.flow.script import script_flow, script_named

        script = script_named(thing, self.cwd) if self.disk.is_here else None
        if script is not None:
            edges, complete = script_flow(script, text_of(thing))
            return Flow({"question": "flow", "thing": text_of(thing), "run": None}, edges, complete)
        run = self._run_of_flow(thing)
        found = RunFlow(self.store, run, self.kept)
        query = self._subjects.query_of_run("flow", thing, run)
        return Flow(query, found.edges(), found.completeness(), found.evaluations())

    def _run_of_flow(self, thing: Thing) -> Node:
        try:
            return self._subjects.run_of(thing)
        except NotKnownError:
            if self.disk.is_here or not os.fsencode(thing).endswith((b".py", b".ipynb")):
                raise
        raise UsageError("A script is read where it lies: whence flow SCRIPT on that machine")

    def columns(self, thing: Thing) -> ColumnUses:
        """What each column that a run read was for."""
        from whence.service.flow.edges import RunFlow
        from whence.service.flow.uses import ColumnTaking

        run = self._subjects.run_of(thing)
        found = RunFlow(self.store, run, self.kept)
        taking = ColumnTaking(self.store, found)
        uses = column_uses(taking.told())
        own, gaps = found.completeness(), taking.gaps()
        complete = Completeness(own.complete and not gaps, own.truncated, [*own.gaps, *gaps])
        return ColumnUses(self._subjects.query_of_run("columns", thing, run), uses, complete)

    def ask(self, question: str, **arguments: Any) -> Asked:
        """The answer to one of the questions about learning; see `whence.query.ask.registry`."""
        from whence.service.asking import ask  # most questions are others

        return ask(self.store, self.node_of, question, arguments)

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
        # No store keeps a zero byte in its text index, and one ends a text in C.
        found = self.store.search_text(text.replace("\0", " "), limit + 1)
        truncated = [Truncation("limit", limit, [])] if len(found) > limit else []
        return Answer(
            {"question": "search", "text": text, "limit": limit},
            answer_nodes(self.store, self.store.nodes(found[:limit])),
            [],
            Completeness(not truncated, truncated, []),
        )

    def verify(self, thing: Thing | None = None, *, inputs: bool = False) -> Verification:
        """What is on disk against the record: of one thing, with what is upstream, or of all.

        Raises UsageError where there is no disk to look at.
        """
        if not isinstance(self.disk, LocalDisk):
            raise UsageError("Files are compared where they lie: whence verify on that machine")
        verifier = Verifier(self.store, self.disk)
        if thing is None:
            return verifier.of_all({"question": "verify", "thing": None})
        found = self._subjects.find(thing)
        query = self._subjects.query("verify", thing, found) | {"inputs": inputs}
        return verifier.of(found, query, inputs=inputs)

    def status(self) -> StoreStatus:
        """The store: where it is, what is in it and what is missing."""
        return store_status(self.store, self.folder)

    def node_of(self, thing: Thing) -> Node:
        """What ``thing`` names. Raises NotKnownError and AmbiguousError."""
        return self._subjects.node(self._subjects.find(thing).number)

    def run_of(self, thing: Thing) -> Node:
        """The run that is named by id or name, or that made the file which is named.

        Raises NotKnownError and AmbiguousError.
        """
        return self._subjects.run_of(thing)

    def kept(self, digest: bytes) -> bytes | None:
        """The content with that digest, where the store has kept it."""
        try:
            return content_path(self.folder, digest).read_bytes()
        except OSError:
            return None
