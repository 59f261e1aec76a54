"""The RDF store follows the index, survives a crash, and its queries do no harm."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.segments import ACTIVITIES, journals, segment_bytes
from whence._base.errors import StoreError, UsageError
from whence.model.event import ActivityStarted, EntityRecorded, RelationRecorded
from whence.model.relation import Relation
from whence.service.index import fold_segment
from whence.standards.sparql import answer
from whence.standards.sparql.lock import locked
from whence.standards.sparql.mirror import Mirror
from whence.standards.sparql.projection import graph_of
from whence.standards.sparql.refusal import check
from whence.store.sqlite import SqliteStore

RUNS = segment_bytes(
    9, [ActivityStarted(one, "run", "run", None, 1, 1, {}) for one in ACTIVITIES[:2]]
)


@contextmanager
def mirrored() -> Iterator[tuple[SqliteStore, Mirror]]:
    """An empty store and its RDF store, which holds nothing yet."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteStore(f"{folder}/index.sqlite") as store,
    ):
        mirror = Mirror(Path(folder) / "rdf", store)
        mirror.folder.mkdir()
        yield store, mirror


def quads(mirror: Mirror) -> set[str]:
    """All that the RDF store says, with blank nodes named by what is said of them."""
    dataset = pyoxigraph.Dataset(pyoxigraph.Store(os.fspath(mirror.triples)))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@settings(max_examples=20)
@given(journals(), st.booleans())
def test_what_was_followed_equals_what_is_made_anew(segments: list[bytes], two_runs: bool) -> None:
    with mirrored() as (store, mirror):
        mirror.follow()
        for segment in [RUNS] * two_runs + segments:
            fold_segment(store, segment)
            mirror.follow()
        assert mirror.is_current()
        followed = quads(mirror)
        mirror.rebuild()
        assert followed == quads(mirror)


def used_and_made_by(user: bytes, maker: bytes) -> tuple[bytes, bytes, bytes]:
    """A segment in which a run uses an entity, and a later one by which another run made it."""
    entity = b"e" * 16
    used = [
        ActivityStarted(user, "run", "user", None, 1, 1, {}),
        EntityRecorded(entity, "file", "data.csv", 1, {}, None, None),
        RelationRecorded(user, Relation.USED, entity, 0, 2, ""),
    ]
    made = [
        ActivityStarted(maker, "run", "maker", None, 1, 1, {}),
        RelationRecorded(entity, Relation.WAS_GENERATED_BY, maker, 0, 1, ""),
    ]
    return segment_bytes(0, used), segment_bytes(1, made), entity


def graphs_that_describe(mirror: Mirror, name: str) -> list[str]:
    store = pyoxigraph.Store(os.fspath(mirror.triples))
    found = store.query(
        f"SELECT ?g {{ GRAPH ?g {{ ?s a prov:Entity; rdfs:label '{name}' }} }}",
        prefixes={
            "prov": "http://www.w3.org/ns/prov#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        },
    )
    return [row["g"].value for row in found]


def test_an_entity_moves_to_the_graph_of_the_run_that_made_it_once_that_is_known() -> None:
    user, maker = ACTIVITIES[:2]
    first, second, _ = used_and_made_by(user, maker)
    with mirrored() as (store, mirror):
        fold_segment(store, first)
        mirror.follow()
        assert graphs_that_describe(mirror, "data.csv") == [graph_of(user)]
        fold_segment(store, second)
        assert mirror.follow() == 2
        assert graphs_that_describe(mirror, "data.csv") == [graph_of(maker)]
        followed = quads(mirror)
        mirror.rebuild()
        assert followed == quads(mirror)


def test_only_the_graphs_that_may_differ_are_made_again() -> None:
    runs = [bytes([n]) * 16 for n in range(1, 9)]
    with mirrored() as (store, mirror):
        starts = [ActivityStarted(run, "run", "run", None, 1, 1, {}) for run in runs]
        fold_segment(store, segment_bytes(2, starts))
        mirror.follow()
        later = EntityRecorded(b"m" * 16, "model", "m", 2, {}, None, None)
        made = RelationRecorded(later.id, Relation.WAS_GENERATED_BY, runs[3], 0, 2, "")
        fold_segment(store, segment_bytes(4, [later, made]))
        assert mirror.follow() == 1
        assert mirror.follow() == 0


def test_a_store_that_nobody_watches_has_no_trigger() -> None:
    with mirrored() as (store, mirror):
        fold_segment(store, RUNS)
        triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"
        assert store.connection.one(triggers) == (0,)
        mirror.follow()
        assert store.connection.one(triggers)[0] > 0


def test_what_a_crash_left_in_the_middle_is_made_anew() -> None:
    with mirrored() as (store, mirror):
        fold_segment(store, RUNS)
        mirror.follow()
        whole = quads(mirror)
        (mirror.folder / "state.json").unlink()
        broken = pyoxigraph.Store(os.fspath(mirror.triples))
        broken.clear()
        del broken
        assert not mirror.is_whole()
        mirror.follow()
        assert quads(mirror) == whole


def test_a_crash_before_the_notes_are_cleared_loses_nothing() -> None:
    with mirrored() as (store, mirror):
        mirror.follow()
        fold_segment(store, RUNS)
        assert mirror._watch.take()  # as a process that dies then
        assert not mirror.is_current()
        mirror.follow()
        followed = quads(mirror)
        mirror.rebuild()
        assert followed == quads(mirror)
        assert len(followed) > 0


def test_an_index_that_was_made_anew_is_followed_from_the_start() -> None:
    with mirrored() as (store, mirror):
        fold_segment(store, RUNS)
        mirror.follow()
        whole = quads(mirror)
        store.reset()
        assert not mirror.is_whole()
        fold_segment(store, RUNS)
        mirror.follow()
        assert quads(mirror) == whole


def test_readers_share_the_lock_and_a_writer_waits(tmp_path: Path) -> None:
    with locked(tmp_path, 0.1) as one, locked(tmp_path, 0.1) as other:
        one.share()
        other.share()
        with pytest.raises(StoreError, match="in use by another process"):
            other.own()
        one.own()
        with pytest.raises(StoreError):
            other.share()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("INSERT DATA { <http://a> <http://b> 1 }", "INSERT at line 1, column 1"),
        ("PREFIX a: <http://a>\n DELETE WHERE { ?s ?p ?o }", "DELETE at line 2, column 2"),
        ("load <http://127.0.0.1/x>", "load|LOAD at line 1"),
        ("# SELECT\nCLEAR ALL", "CLEAR at line 2, column 1"),
        ("WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH at"),
        ("SELECT * { SERVICE <http://x> { ?s ?p ?o } }", "SERVICE at line 1, column 12"),
        ("SELECT * { service silent?x{} }", "SERVICE at"),
        ("SELECT * { FILTER(?a<?b)SERVICE#>\n<http://x>{} }", "SERVICE at"),
        ("SELECT * { ?s ?p '''it's''' SERVICE?x{} }", "SERVICE at"),
    ],
)
def test_updates_and_services_are_refused_with_their_place(query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service a 'SERVICE' ; rdfs:label \"insert\" # SERVICE\n}",
        "SELECT * { <http://x/service> service:load '''SERVICE''' }",
        "SELECT (?insert AS ?delete) FROM <http://x> { GRAPH ?g { ?s ?p ?insert } }",
        "PREFIX drop: <http://x/> ASK { drop:service drop:load drop: }",
    ],
)
def test_the_words_may_stand_in_names_and_texts(query: str) -> None:
    check(query)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_the_kernel_refuses_connections_to_the_process_of_a_query() -> None:
    code = (
        "import socket\n"
        "from whence.standards.sparql.confinement import without_network\n"
        "assert without_network()\n"
        "try:\n    socket.socket()\nexcept PermissionError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_a_service_that_passed_the_check_would_get_no_connection(tmp_path: Path) -> None:
    triples = tmp_path / "triples"
    triples.mkdir()
    pyoxigraph.Store(os.fspath(triples)).flush()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        with open(os.devnull) as lock, tempfile.TemporaryFile() as out:
            request = answer._request(triples, query, "json", 10)
            said = answer._run(request, 10, lock.fileno(), out)
        assert said["error"] == "os"
        with pytest.raises(TimeoutError):
            server.accept()
