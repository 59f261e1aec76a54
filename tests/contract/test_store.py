"""What every store promises, see whence.store.protocol."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import StoreMaker
from tests.support.journal import JournalBuilder, ProcessJournal
from whence._base.digest import digest_bytes
from whence._base.errors import SegmentConflictError
from whence._base.ids import IdSource, uuid7
from whence.fold.fold import Folder
from whence.journal.frame import FRAMES_AT, HEAD_SIZE
from whence.model import event as events
from whence.model.criterion import All, AnyOf, Comparison, Criterion, Field, Not, Order
from whence.model.kind import NodeType
from whence.model.place import Stamp, stamp_key
from whence.model.relation import Known, Relation
from whence.query.lineage import closure_answer, closure_of, paths_answer
from whence.service.index import fold_segment
from whence.store.protocol import Edge, Gap, Point, Store, Summary


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    return JournalBuilder(tmp_path / "project")


def fold(store: Store, *processes: ProcessJournal) -> None:
    for process in processes:
        fold_segment(store, process.path.read_bytes())


def number(store: Store, uid: bytes) -> int:
    found = store.number_of(uid)
    assert found is not None
    return found


def edges_of(store: Store, uid: bytes) -> set[tuple[str, bytes, str, str]]:
    """What leads up from a node: relation, target, role, how known."""
    return {
        (Relation(e.relation).term, store.nodes([e.target])[0].uid, e.role, Known(e.known).term)
        for e in store.edges_at(number(store, uid), "up")
    }


def names(store: Store, numbers: list[int]) -> list[str]:
    return [node.name for node in store.nodes(numbers)]


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_run_has_its_times_status_parameters_and_tags(
    store: Store, journal: JournalBuilder
) -> None:
    with journal.run("train") as run:
        run.params(lr=0.1, layers=[1, 2], big=1 << 70)
        run.tags(team="a")
        run.tags(team="b", note=None)
    fold(store, run)
    (node,) = store.runs()
    assert (node.uid, node.type, node.kind, node.name, node.status) == (
        run.id, NodeType.ACTIVITY, "run", "train", "finished",
    )  # fmt: skip
    assert node.started_at is not None
    assert node.ended_at is not None
    assert node.started_at < node.ended_at
    assert store.params(node.number) == {"lr": 0.1, "layers": [1, 2], "big": 1 << 70}
    assert store.tags(node.number) == {"team": "b", "note": None}
    assert store.owner(node.number)["pid"] == 4_000_000


def test_a_run_that_did_not_end_is_running(store: Store, journal: JournalBuilder) -> None:
    fold(store, journal.run("endless"))
    assert [node.status for node in store.runs()] == ["running"]


def test_an_activitys_own_end_beats_a_later_one_of_a_witness(
    store: Store, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    run.ended(status="failed")
    run.ended(status="interrupted", by_witness=True)
    fold(store, run)
    assert [node.status for node in store.runs()] == ["failed"]


def test_a_read_binds_to_the_write_with_the_same_stamp(
    store: Store, journal: JournalBuilder
) -> None:
    path = journal.root / "data.bin"
    with journal.run("write") as first:
        written = first.write(path, b"x" * 100, role="out")
    with journal.run("read") as second:
        opening = second.read(path, role="in")
    fold(store, second, first)
    assert number(store, opening) == number(store, written)
    assert edges_of(store, second.id) == {("used", written, "in", "observed")}
    assert edges_of(store, written) == {
        ("wasGeneratedBy", first.id, "out", "observed"),
        ("specializationOf", digest_bytes(b"x" * 100), "", "observed"),
    }
    (node,) = store.nodes([number(store, written)])
    assert (node.name, node.places, node.size) == ("data.bin", (bytes(path),), 100)


def test_a_read_of_a_touched_file_binds_by_digest_to_the_last_write_there(
    store: Store, journal: JournalBuilder
) -> None:
    path = journal.root / "data.bin"
    with journal.run("write") as first:
        written = first.write(path, b"x" * 100)
    path.touch()
    with journal.run("read") as second:
        opening = second.read(path)
    fold(store, first, second)
    assert number(store, opening) == number(store, written)


def test_a_read_of_what_nobody_wrote_is_a_found_version_and_gives_way_to_its_writer(
    store: Store, journal: JournalBuilder
) -> None:
    path = journal.root / "data.bin"
    with journal.run("write") as first:
        written = first.write(path, b"x" * 100)
    with journal.run("read") as second:
        opening = second.read(path)
    fold(store, second)
    found = store.nodes([number(store, opening)])[0]
    assert (found.kind, found.name, found.digest) == ("file", "data.bin", digest_bytes(b"x" * 100))
    assert found.uid not in (opening, written)
    fold(store, first)
    assert number(store, opening) == number(store, written)
    assert store.number_of(found.uid) is None
    assert [node.uid for node in store.iterate() if node.name == "data.bin"] == [written]


def test_a_moved_file_keeps_its_past_and_its_new_name(
    store: Store, journal: JournalBuilder
) -> None:
    temporary, final = journal.root / "model.tmp", journal.root / "model.bin"
    with journal.run("write") as first:
        written = first.write(temporary, b"x" * 100, hashed=False)
        first.moved(temporary, final)
        first.hashed(final)
    with journal.run("read") as second:
        opening = second.read(final)
    fold(store, second, first)
    (node,) = store.nodes([number(store, opening)])
    assert (node.uid, node.name) == (written, "model.bin")
    assert node.places == (bytes(final), bytes(temporary))
    assert node.digest == digest_bytes(b"x" * 100)
    assert [v.current for v in store.versions_at(bytes(final))] == [True]
    assert [v.current for v in store.versions_at(bytes(temporary))] == [False]


def test_appending_makes_a_revision(store: Store, journal: JournalBuilder) -> None:
    path = journal.root / "log.txt"
    with journal.run("first") as first:
        old = first.write(path, b"x" * 100)
    with journal.run("second") as second:
        new = second.write(path, b"y" * 100, access="a")
    with journal.run("third") as third:
        updated = third.write(path, b"z", access="u")
    fold(store, third, second, first)
    assert ("wasRevisionOf", old, "", "observed") in edges_of(store, new)
    assert ("wasRevisionOf", new, "", "observed") in edges_of(store, updated)
    assert edges_of(store, third.id) == {("used", new, "", "observed")}
    assert edges_of(store, second.id) == set()


def test_what_is_said_of_an_opening_is_said_of_what_was_read(
    store: Store, journal: JournalBuilder
) -> None:
    path = journal.root / "data.csv"
    with journal.run("write") as first:
        written = first.write(path, b"x" * 100)
    with journal.run("read") as second:
        opening = second.read(path)
        frame = second.entity("frame", "df")
        second.relation(frame, Relation.WAS_DERIVED_FROM, opening)
        second.entity("dataset", "", id=opening, rows=3)
    fold(store, second, first)
    assert edges_of(store, frame) == {("wasDerivedFrom", written, "", "observed")}
    (node,) = store.nodes([number(store, written)])
    assert (node.kind, node.name) == ("dataset", "data.csv")
    assert store.attributes(node.number) == {"rows": 3}


def test_a_recorded_kind_of_a_written_file_beats_its_openings(
    store: Store, journal: JournalBuilder
) -> None:
    with journal.run("write") as run:
        written = run.write(journal.root / "m.bin", b"x" * 100)
        run.entity("model", "LogisticRegression", id=written, coefficients=3)
    fold(store, run)
    (node,) = store.nodes([number(store, written)])
    assert (node.kind, node.name) == ("model", "m.bin")
    assert store.attributes(node.number) == {"coefficients": 3}


def test_a_file_that_could_not_be_opened_is_kept_with_its_run(
    store: Store, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    at, mono = run.clock.tick()
    run.record(
        events.FileOpened(
            run.ids.new(), run.id, "r", b"fs", b"/secret", None, at, mono, error="PermissionError"
        )
    )
    fold(store, run)
    assert store.attributes(number(store, run.id)) == {
        "failed_opens": [{"path": "/secret", "access": "r", "error": "PermissionError"}]
    }
    assert store.gaps() == []


def test_gaps_say_what_is_not_hashed_and_why(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    pending = run.write(journal.root / "pending", b"x" * 100, hashed=False)
    skipped = run.write(journal.root / "skipped", b"x" * 101, hashed=False)
    run.gap("hash-skipped", subject=skipped, detail="over 1 GiB")
    at, mono = run.clock.tick()
    unclosed = run.ids.new()
    run.record(
        events.FileOpened(
            unclosed, run.id, "w", b"fs", b"/u", Stamp(1, 9, 0, 1, 1), at, mono
        )
    )  # fmt: skip
    fold(store, run)
    n = number(store, run.id)
    assert sorted(store.gaps(), key=lambda gap: gap.code) == [
        Gap("hash-pending", number(store, pending), n, 1),
        Gap("hash-skipped", number(store, skipped), n, 1, "over 1 GiB"),
        Gap("not-closed", number(store, unclosed), n, 1),
    ]
    assert store.gaps([number(store, skipped)]) == [
        Gap("hash-skipped", number(store, skipped), n, 1, "over 1 GiB")
    ]
    run.hashed(journal.root / "pending")
    stamp = Stamp(1, 9, 70, 5, 5)
    run.record(events.ContentHashed(b"fs", b"/u", stamp, b"d" * 32, at))
    fold(store, run)
    assert [gap.code for gap in store.gaps()] == ["hash-skipped"]
    shown = store.version_by_stamp(stamp_key(b"fs", stamp))
    assert shown is not None
    assert shown.number == number(store, unclosed)


def test_known_bytes_that_are_seen_at_a_second_place_end_an_unclosed_write_there(
    store: Store, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    at, mono = run.clock.tick()
    unclosed, stamp, digest = run.ids.new(), Stamp(1, 9, 70, 5, 5), b"d" * 32
    opened = events.FileOpened(
        unclosed, run.id, "w", b"fs", b"/link", Stamp(1, 9, 0, 1, 1), at, mono
    )
    run.record(opened)
    run.record(events.ContentHashed(b"fs", b"/file", stamp, digest, at))
    fold(store, run)
    assert [gap.code for gap in store.gaps()] == ["not-closed"]
    run.record(events.ContentHashed(b"fs", b"/link", stamp, digest, at))
    fold(store, run)
    assert store.gaps() == []
    (node,) = store.nodes([number(store, unclosed)])
    assert (node.digest, node.size) == (digest, 70)


def test_parts_of_runs_are_reached_both_ways_and_members_of_groups_are_not(
    store: Store, journal: JournalBuilder
) -> None:
    group = uuid7()
    first = journal.run("one")
    stage = first.started("stage", "training", parent=first.id)
    first.relation(first.id, Relation.PART_OF, group)
    second = journal.run("two")
    second.relation(second.id, Relation.PART_OF, group)
    fold(store, first, second)
    second.started("experiment", "wine", id=group)
    fold(store, second)
    assert edges_of(store, stage) == {("partOf", first.id, "", "observed")}
    assert edges_of(store, second.id) == {("partOf", group, "", "observed")}
    up, _ = store.closure([number(store, first.id)], "up")
    assert {node.uid for node in store.nodes(up)} == {first.id, stage}
    in_wine = Comparison(Field("attributes", "experiment"), "=", ("wine",))
    assert [node.name for node in store.runs(in_wine)] == ["two", "one"]


def test_metric_series_keep_every_bit(store: Store, journal: JournalBuilder) -> None:
    values = [1e-7, 1 / 3, math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.5]
    run = journal.run("train")
    for step, value in enumerate(values):
        run.metric("loss", value, step)
        fold(store, run)
    for step in range(3000):
        run.metric("acc", step / 7, -step)
    run.metric("single", math.nan)
    fold(store, run)
    n = number(store, run.id)
    points = store.points(n, "loss")
    assert [struct.pack("d", p.value) for p in points] == [struct.pack("d", v) for v in values]
    assert [p.step for p in points] == list(range(8))
    acc, loss, single = store.summaries([n])[n]
    assert loss == Summary("loss", 8, 1e-7, 1.5, -math.inf, math.inf, 7)
    assert acc == Summary("acc", 3000, 2999 / 7, 0.0, 0.0, 2999 / 7, 0)
    assert len(store.points(n, "acc")) == 3000
    assert math.isnan(single.last)
    assert math.isnan(single.max)
    assert store.points(n, "none") == []
    assert Point(0, 1e-7, points[0].at) == points[0]


CRITERIA: list[tuple[Criterion, list[str]]] = [
    (Comparison(Field("params", "lr"), ">", (0.05,)), ["c"]),
    (Comparison(Field("params", "lr"), "=", ("0.1",)), ["b"]),
    (Comparison(Field("params", "lr"), "!=", (0.01,)), ["c", "b"]),
    (Comparison(Field("params", "lr"), "is null"), ["d"]),
    (Not(Comparison(Field("params", "lr"), "is null")), ["c", "b", "a"]),
    (Comparison(Field("params", "model"), "like", ("RF%",)), ["a"]),
    (Comparison(Field("params", "model"), "ilike", ("RF%",)), ["b", "a"]),
    (Comparison(Field("params", "model"), "in", ("RF1", "x")), ["c", "a"]),
    (Comparison(Field("metrics", "acc"), ">=", (0.9,)), ["c", "b"]),
    (Comparison(Field("metrics", "acc"), "is null"), ["d"]),
    (Comparison(Field("tags", "team"), "=", ("x",)), ["a"]),
    (Comparison(Field("attributes", "status"), "=", ("failed",)), ["d"]),
    (Comparison(Field("attributes", "user"), "=", ("tester",)), ["d", "c", "b", "a"]),
    (Comparison(Field("attributes", "name"), "in", ("a", "d")), ["d", "a"]),
    (
        All(
            (
                Comparison(Field("params", "lr"), ">", (0.05,)),
                Comparison(Field("metrics", "acc"), ">", (0.95,)),
            )
        ),
        ["c"],
    ),
    (
        AnyOf(
            (
                Comparison(Field("params", "lr"), "<", (0.05,)),
                Comparison(Field("attributes", "name"), "=", ("d",)),
            )
        ),
        ["d", "a"],
    ),
    (AnyOf(()), []),
]


def sample_runs(store: Store, journal: JournalBuilder) -> None:
    rows: list[tuple[str, dict[str, Any], list[float]]] = [
        ("a", {"lr": 0.01, "model": "RF1"}, [0.99, 0.8]),
        ("b", {"lr": "0.1", "model": "rf2"}, [0.9]),
        ("c", {"lr": 1, "model": "x"}, [0.2, 0.96]),
    ]
    for name, params, series in rows:
        with journal.run(name) as run:
            run.params(**params)
            for step, value in enumerate(series):
                run.metric("acc", value, step)
            if name == "a":
                run.tags(team="x")
        fold(store, run)
    last = journal.run("d")
    last.ended(status="failed")
    fold(store, last)


@pytest.mark.parametrize(("criterion", "expected"), CRITERIA)
def test_runs_are_found_by_a_criterion(
    store: Store, journal: JournalBuilder, criterion: Criterion, expected: list[str]
) -> None:
    sample_runs(store, journal)
    assert [node.name for node in store.runs(criterion)] == expected


def test_values_are_found_that_came_after_they_were_first_asked_for(
    store: Store, journal: JournalBuilder
) -> None:
    wanted = All(
        (
            Comparison(Field("params", "lr"), ">", (0.05,)),
            Comparison(Field("metrics", "acc"), ">", (0.95,)),
        )
    )
    assert store.runs(wanted) == []
    sample_runs(store, journal)
    assert [node.name for node in store.runs(wanted)] == ["c"]


def test_runs_come_in_the_order_asked_for(store: Store, journal: JournalBuilder) -> None:
    sample_runs(store, journal)
    by_acc = Order(Field("metrics", "acc"), descending=True)
    assert [n.name for n in store.runs(order=[by_acc])] == ["c", "b", "a", "d"]
    by_lr = Order(Field("params", "lr"))
    assert [n.name for n in store.runs(order=[by_lr], limit=2, offset=1)] == ["c", "b"]


def test_text_is_found_also_when_it_came_after_the_index_was_built(
    store: Store, journal: JournalBuilder
) -> None:
    with journal.run("wine quality") as run:
        run.params(note="a late harvest")
    fold(store, run)
    n = number(store, run.id)
    assert store.search_text("harv* wine") == [n]
    assert store.search_text('"') == []
    run2 = journal.run("second")
    run2.tags(note="harvest")
    fold(store, run2)
    assert set(store.search_text("harvest")) == {n, number(store, run2.id)}


def test_the_index_of_texts_is_built_in_portions_between_which_others_write(
    store: Store, journal: JournalBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whence.store.sql.wording.AT_ONCE", 2)
    runs = [journal.run(f"harvest {number}") for number in range(5)]
    fold(store, *runs)
    assert not store.build_text(lambda: False)
    late = journal.run("late harvest")
    runs[4].tags(note="vintage")
    fold(store, late, runs[4])
    portions = 1
    while not store.build_text(lambda: False):
        portions += 1
    assert portions >= 2
    wanted = {number(store, run.id) for run in (*runs, late)}
    assert set(store.search_text("harvest")) == wanted
    assert store.search_text("vintage") == [number(store, runs[4].id)]
    assert store.build_text(lambda: False)
    store.reset()
    assert store.search_text("harvest") == []


def test_by_content_offers_equal_bytes_but_not_what_was_written_later(
    store: Store, journal: JournalBuilder
) -> None:
    data = b"x" * 100
    with journal.run("earlier") as earlier:
        before = earlier.write(journal.root / "before", data)
    put(journal.root / "copy", data)
    with journal.run("reader") as reader:
        opening = reader.read(journal.root / "copy")
    with journal.run("later") as later:
        after = later.write(journal.root / "after", data)
    fold(store, reader, later, earlier)
    found, written = number(store, opening), number(store, before)
    inferred = [Edge(found, Relation.ALTERNATE_OF, written, Known.INFERRED, "by content")]
    assert store.by_content([found], "up") == inferred
    assert store.by_content([written], "down") == inferred
    assert store.by_content([number(store, after)], "down") == []
    answer = closure_answer(store, [found], "up")
    assert [node.name for node in answer.nodes] == ["copy", "before", "earlier"]
    assert [(gap.code, gap.count) for gap in answer.completeness.gaps] == [
        ("inferred-by-content", 1)
    ]
    down = closure_of(store, [number(store, earlier.id)], "down")
    assert set(names(store, down.numbers)) >= {"earlier", "before", "copy", "reader"}


def test_by_content_goes_by_the_wall_clock_between_two_boots_of_one_machine(
    store: Store, journal: JournalBuilder
) -> None:
    data = b"x" * 100
    with journal.run("earlier", boot="boot-1") as earlier:
        before = earlier.write(journal.root / "before", data)
    put(journal.root / "copy", data)
    with journal.run("reader", boot="boot-2") as reader:
        opening = reader.read(journal.root / "copy")
    with journal.run("later", boot="boot-3") as later:
        later.write(journal.root / "after", data)
    with journal.run("elsewhere", boot="boot-4", host="otherhost") as elsewhere:
        other = elsewhere.write(journal.root / "other", data)
    fold(store, reader, later, elsewhere, earlier)
    offered = {edge.target for edge in store.by_content([number(store, opening)], "up")}
    assert offered == {number(store, before), number(store, other)}


def test_small_content_joins_nothing(store: Store, journal: JournalBuilder) -> None:
    with journal.run("one") as one:
        one.write(journal.root / "score1", b"0.95")
    put(journal.root / "score2", b"0.95")
    with journal.run("two") as two:
        opening = two.read(journal.root / "score2")
    fold(store, one, two)
    assert store.by_content([number(store, opening)], "up") == []


def test_equal_outputs_of_two_runs_stay_apart(store: Store, journal: JournalBuilder) -> None:
    with journal.run("one") as one:
        first = one.write(journal.root / "a", b"x" * 100)
    with journal.run("two") as two:
        second = two.write(journal.root / "b", b"x" * 100)
    fold(store, one, two)
    answer = closure_answer(store, [number(store, first)], "up")
    assert [node.name for node in answer.nodes] == ["a", "one"]
    assert answer.completeness.complete
    digest = digest_bytes(b"x" * 100)
    assert {v.number for v in store.versions_of(digest)} == {
        number(store, first), number(store, second),
    }  # fmt: skip


def chain(run: ProcessJournal, length: int) -> list[bytes]:
    entities = [run.entity("frame", f"f{n}") for n in range(length)]
    for source, target in zip(entities[1:], entities, strict=False):
        run.relation(source, Relation.WAS_DERIVED_FROM, target)
    return entities


def test_closures_are_whole_and_safe_on_cycles(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    entities = chain(run, 500)
    run.relation(entities[0], Relation.WAS_INFLUENCED_BY, entities[-1])
    fold(store, run)
    numbers, frontier = store.closure([number(store, entities[7])], "up")
    assert {node.uid for node in store.nodes(numbers)} == set(entities)
    assert frontier == []


def test_a_limit_is_said_with_its_frontier(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    entities = chain(run, 10)
    fold(store, run)
    last = number(store, entities[-1])
    answer = closure_answer(store, [last], "up", max_depth=3)
    assert [node.name for node in answer.nodes] == ["f9", "f8", "f7", "f6"]
    (cut,) = answer.completeness.truncated
    assert (cut.limit, cut.value, cut.frontier) == ("max_depth", 3, [answer.nodes[-1].id])
    assert not answer.completeness.complete
    answer = closure_answer(store, [last], "up", max_nodes=2)
    assert [node.name for node in answer.nodes] == ["f9", "f8"]
    assert answer.completeness.truncated[0].limit == "max_nodes"
    whole = closure_answer(store, [last], "up", max_depth=9, max_nodes=10)
    assert whole.completeness.complete
    assert store.closure([last], "up", max_depth=2) == (
        [number(store, e) for e in entities[:-4:-1]], [number(store, entities[-3])],
    )  # fmt: skip


def test_why_gives_what_lies_between(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    a, b, c, d = (run.entity("frame", name) for name in "abcd")
    for source, target in ((b, a), (c, b), (d, a)):
        run.relation(source, Relation.WAS_DERIVED_FROM, target)
    fold(store, run)
    answer = paths_answer(store, [number(store, a)], [number(store, c)])
    assert [node.name for node in answer.nodes] == ["c", "b", "a"]
    named = {node.id: node.name for node in answer.nodes}
    assert {(named[e.source], named[e.target]) for e in answer.edges} >= {("c", "b"), ("b", "a")}
    assert paths_answer(store, [number(store, c)], [number(store, a)]).nodes == []


def test_the_same_segment_with_other_bytes_is_refused(
    store: Store, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    data = run.path.read_bytes()
    fold(store, run)
    forged = bytearray(data)
    forged[-1] ^= 1
    with pytest.raises(SegmentConflictError):
        fold_segment(store, bytes(forged) + b"more")
    batch = next(iter(Folder(data).batches()))
    assert store.apply(batch) is False
    assert store.folded()[run.segment].offset == len(data)


def test_damage_is_a_gap_and_the_rest_is_read(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    for step in range(5):
        run.metric("loss", 1.0, step)
    data = bytearray(run.path.read_bytes())
    frames = list(Folder(bytes(data)).reader.frames())
    data[frames[3].offset + HEAD_SIZE + 2] ^= 1
    fold_segment(store, bytes(data))
    n = number(store, run.id)
    assert store.gaps() == [Gap("journal-damaged", None, n, 1, "damaged records")]
    assert store.gaps([n]) == store.gaps()
    assert [s.count for s in store.summaries([n])[n]] == [4]
    assert frames[0].offset > FRAMES_AT


def test_an_unknown_event_is_counted_and_skipped(store: Store, journal: JournalBuilder) -> None:
    run = journal.run("train")
    run.writer.append(b"\x92\x7f\x01")
    run.metric("loss", 1.0)
    fold(store, run)
    n = number(store, run.id)
    assert store.gaps() == [Gap("event-unknown", None, n, 1)]
    assert len(store.points(n, "loss")) == 1


def test_what_is_only_referred_to_is_shown_with_the_type_it_must_have(
    store: Store, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    ids = IdSource()
    made, other = ids.new(), ids.new()
    run.relation(made, Relation.WAS_GENERATED_BY, other)
    fold(store, run)
    nodes = store.nodes([number(store, made), number(store, other)])
    assert [node.type for node in nodes] == [NodeType.ENTITY, NodeType.ACTIVITY]
    assert {node.uid for node in store.iterate()} == {run.id}


def test_what_was_folded_is_there_for_the_next_who_opens(
    new_store: StoreMaker, journal: JournalBuilder
) -> None:
    run = journal.run("train")
    run.metric("loss", 1.0)
    with new_store() as first:
        fold(first, run)
        counts = first.counts()
        first.close()
    run.metric("loss", 2.0, 1)
    with new_store() as second:
        assert second.counts() == counts
        fold(second, run)
        assert [p.value for p in second.points(number(second, run.id), "loss")] == [1.0, 2.0]
        assert second.check() == []
        second.reset()
        assert second.folded() == {}
        assert list(second.iterate()) == []


def test_runs_are_counted_by_criterion_and_their_fields_are_named(
    store: Store, journal: JournalBuilder
) -> None:
    for number in range(3):
        with journal.run(f"train {number}") as run:
            run.params(lr=number / 10)
            if number:
                run.metric("acc", number / 10)
                run.tags(team="a")
        fold(store, run)
    assert store.run_count() == 3
    assert store.run_count(Comparison(Field("metrics", "acc"), ">=", (0.15,))) == 1
    assert store.run_count(Not(Comparison(Field("tags", "team"), "is null"))) == 2
    names_of = store.field_names()
    attributes = names_of.pop("attributes")
    assert names_of == {"params": ["lr"], "metrics": ["acc"], "tags": ["team"]}
    assert {"name", "status", "start_time"} <= set(attributes)
