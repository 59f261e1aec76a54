"""An RDF store on disk that follows the index: one named graph for each run.

What changed in the index is noted there (`whence.store.mirrored.Watch`). The graphs that these
nodes belong to, and those they belonged to before, are made again whole. Nothing else can differ:
a graph is made of its nodes and the edges at its activities alone.

``state.json`` names the watch that the RDF store follows. It is taken away before the first change
and written after the last, so a store that was left in the middle is made anew.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from whence._base.errors import MissingExtraError, StoreError
from whence._base.ids import is_derived
from whence._base.private import replace
from whence.standards.prov.statement import RDF
from whence.standards.record.names import ID, iri_of
from whence.standards.sparql.projection import Projection, graph_of, uid_of_graph
from whence.store.mirrored import Noted
from whence.store.protocol import Store

if TYPE_CHECKING:
    import pyoxigraph

Report = Callable[[str, int, int | None], None]

FORMAT = 1
"""Of what the graphs say: count it up when that changes, so that all are made anew."""
ROOTS_AT_ONCE = 500
LARGE = 1 << 22
WORK = "Writing RDF"


class Mirror:
    """The RDF store in ``folder``, of the index that ``store`` is."""

    def __init__(self, folder: Path, store: Store, progress: Report | None = None) -> None:
        self.folder, self.triples = folder, folder / "triples"
        self._state = folder / "state.json"
        self._belonging, self._watch = store.belonging(), store.watch()
        self._projection, self._progress = Projection(store, self._belonging), progress
        self._store = store

    def is_whole(self) -> bool:
        """Whether it follows the index and was not left in the middle of a change."""
        token = self._watch.token()
        return token is not None and self._read_state() == {"format": FORMAT, "watch": token}

    def is_current(self) -> bool:
        """Whether it says all that the index does."""
        return self.is_whole() and not self._watch.has_news()

    def follow(self) -> int:
        """Bring it up to the index; give how many graphs were made. Only who owns the lock may."""
        if not self.is_whole():
            return self.rebuild()
        noted = self._watch.take()
        if not noted:
            return 0
        triples = _opened(self.triples)
        names = self._graphs(triples, noted)
        self._state.unlink(missing_ok=True)
        for name in names:
            triples.remove_graph(_node(name))
        made = self._load(triples, self._roots_of(names))
        self._finish(triples)
        self._watch.done()
        return made

    def rebuild(self) -> int:
        """Make it anew; give how many graphs were made. Only who owns the lock may."""
        self._state.unlink(missing_ok=True)
        shutil.rmtree(self.triples, ignore_errors=True)
        self._watch.begin()
        triples = _opened(self.triples)
        roots: set[int] = set()
        for numbers in self._belonging.everything():
            roots.update(self._belonging.roots(numbers).values())
        made = self._load(triples, roots)
        self._finish(triples)
        return made

    def _load(self, triples: pyoxigraph.Store, roots: Iterable[int]) -> int:
        import pyoxigraph

        ordered = sorted(roots)
        for start in range(0, len(ordered), ROOTS_AT_ONCE):
            if self._progress is not None:
                self._progress(WORK, start, len(ordered))
            data = self._projection.nquads(ordered[start : start + ROOTS_AT_ONCE])
            load = triples.bulk_load if len(data) > LARGE else triples.load
            load(data, format=pyoxigraph.RdfFormat.N_QUADS)
        return len(ordered)

    def _graphs(self, triples: pyoxigraph.Store, noted: list[Noted]) -> set[str]:
        """The names of all graphs that may differ."""
        changed, met = self._sorted_out(noted)
        roots = self._belonging.roots({one.number for one in [*changed, *met]})
        names: set[str] = set()
        now = {one: graph_of(uid) for one, uid in self._belonging.uids(roots.values()).items()}
        said = self._store.described([one.number for one in changed if is_derived(one.uid)])
        for one in changed:
            foreign = said[one.number].attributes.get("iri") if one.number in said else None
            names.update(_described_in(triples, iri_of(one.uid)))
            if foreign is not None:
                names.update(_described_in(triples, iri_of(one.uid, foreign)))
                names.update(_named_in(triples, iri_of(one.uid)))
            if one.number in roots:
                names.add(now[roots[one.number]])
        for one in met:
            if one.number in roots:
                name = now[roots[one.number]]
                before = set(_described_in(triples, self._iri(one)))
                names.update(() if before == {name} else {name, *before})
        return names

    def _sorted_out(self, noted: list[Noted]) -> tuple[list[Noted], list[Noted]]:
        """What changed, and the entities that an edge leads to. With what is told by them."""
        activities = self._belonging.activities_among(one.number for one in noted)
        changed = [one for one in noted if one.changed or one.type == 0 or one.number in activities]
        known = {one.number for one in changed}
        told = self._belonging.starters(activities)
        told |= self._belonging.specializing(
            one.number for one in changed if len(one.uid) == 32 and one.changed
        )
        uids = self._belonging.uids(told - known)
        changed += [Noted(number, uid, 0, True) for number, uid in uids.items()]
        known |= uids.keys()
        return changed, [one for one in noted if one.number not in known]

    def _iri(self, one: Noted) -> str:
        if not is_derived(one.uid):
            return iri_of(one.uid)
        said = self._store.described([one.number]).get(one.number)
        return iri_of(one.uid, None if said is None else said.attributes.get("iri"))

    def _roots_of(self, names: set[str]) -> Iterator[int]:
        """The nodes that are roots still, among those the graphs are named by."""
        uids = [uid for name in names if (uid := uid_of_graph(name)) is not None]
        numbers = {n for uid in uids if (n := self._belonging.number_of(uid)) is not None}
        yield from (one for one, root in self._belonging.roots(numbers).items() if one == root)

    def _finish(self, triples: pyoxigraph.Store) -> None:
        triples.flush()
        state = {"format": FORMAT, "watch": self._watch.token()}
        replace(os.fspath(self._state), json.dumps(state).encode())

    def _read_state(self) -> object:
        try:
            return json.loads(self._state.read_bytes())
        except (OSError, ValueError):
            return None


def require_pyoxigraph() -> None:
    """Raises MissingExtraError without pyoxigraph."""
    from importlib.util import find_spec

    if find_spec("pyoxigraph") is None:
        raise MissingExtraError("SPARQL needs pyoxigraph. Run: pip install 'whence[rdf]'")


def _opened(folder: Path) -> pyoxigraph.Store:
    import pyoxigraph

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return pyoxigraph.Store(os.fspath(folder))
    except OSError as error:
        raise StoreError(
            f"The RDF store '{folder}' could not be opened: {error}. Run: whence sparql --rebuild"
        ) from error


def _node(iri: str) -> pyoxigraph.NamedNode:
    import pyoxigraph

    return pyoxigraph.NamedNode(iri)


def _described_in(triples: pyoxigraph.Store, iri: str) -> Iterator[str]:
    """The graphs that say what the thing is."""
    try:
        found = triples.quads_for_pattern(_node(iri), _node(RDF + "type"), None, None)
    except ValueError:  # no IRI, so RDF never held it
        return
    yield from _graphs_of(found)


def _named_in(triples: pyoxigraph.Store, iri: str) -> Iterator[str]:
    """The graphs that speak of the thing."""
    if iri.startswith(ID):
        yield from _graphs_of(triples.quads_for_pattern(None, None, _node(iri), None))
        yield from _graphs_of(triples.quads_for_pattern(_node(iri), None, None, None))


def _graphs_of(quads: Iterable[pyoxigraph.Quad]) -> Iterator[str]:
    import pyoxigraph

    for quad in quads:
        if isinstance(quad.graph_name, pyoxigraph.NamedNode):
            yield quad.graph_name.value
