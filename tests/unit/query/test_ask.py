"""The questions about learning where runs nest, files are copied, and little is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import whence
from tests.support.journal import MILLISECOND, JournalBuilder, ProcessJournal, RunJournal
from tests.support.session import watched_files
from whence.model.kind import DATASET, MODEL, PROCESS, RUN, SECTION, STAGE
from whence.query.ask.learning import q3, q4, q5, q7
from whence.query.ask.making import USED
from whence.query.ask.sources import q1, q2, q6
from whence.service.index import open_store
from whence.store.protocol import Store


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    return JournalBuilder(tmp_path)


@pytest.fixture
def prepared(journal: JournalBuilder) -> JournalBuilder:
    """A raw table with attributes, and a data set that a run made of it."""
    raw = journal.root / "raw.csv"
    raw.write_text("a,b\n1,2\n" * 20)
    with journal.run("prepare") as run:
        run.params(cut=5, bounds=[1, 9])
        run.entity("file", "raw.csv", id=run.read(raw), region="north")
        run.write(journal.root / "train.bin", b"training data" * 20, kind=DATASET)
    return journal


def section(
    journal: ProcessJournal, name: str, parent: bytes, ms: int = 1, *, kind: str = SECTION
) -> bytes:
    """A section that takes so long, with nothing in it."""
    one = journal.started(kind, name, parent=parent)
    journal.clock.tick((ms - 1) * MILLISECOND)
    journal.ended(one)
    return one


def model(run: RunJournal, name: str, activity: bytes | None = None) -> None:
    data = f"model {name}".encode() * 20
    made = run.write(run.journal.root / name, data, kind=MODEL, activity=activity)
    run.entity(MODEL, name, id=made, family="linear")


def number(store: Store, name: str) -> int:
    return store.numbers_named(name)[0]


def dataset(store: Store, root: Path) -> int:
    return store.versions_at(bytes(root / "train.bin"))[0].number


@pytest.fixture
def searched(prepared: JournalBuilder) -> Iterator[tuple[Store, Path]]:
    """A run that read the data set and made a model in each of two trials within it."""
    with prepared.run("search") as run:
        run.params(depth=3, rate=0.5)
        run.read(prepared.root / "train.bin")
        for trial, rate in enumerate((0.1, 0.2)):
            one = run.started(RUN, f"trial {trial}", parent=run.id)
            with prepared.process(one, one) as inner:
                inner.params(rate=rate)
                inner.metric("loss", 0.4 - rate)
            model(run, f"model-{trial}", one)
            run.ended(one)
    with open_store(prepared.store) as store:
        yield store, prepared.root


def test_a_trial_within_a_run_learned_from_what_the_run_read(searched: tuple[Store, Path]) -> None:
    store, root = searched
    (source,) = q1(store, number(store, "model-0")).rows
    assert (source.data.name, source.attributes) == ("raw.csv", {"region": "north"})
    (preparation,) = q2(store, number(store, "model-1")).rows
    assert (preparation.run.name, preparation.parameters) == (
        "prepare", {"cut": 5, "bounds": [1, 9]},
    )  # fmt: skip
    (best,) = q3(store, dataset(store, root)).rows
    assert (best.model.name, best.run.name, best.least) == ("model-1", "trial 1", 0.4 - 0.2)
    assert (best.hyperparameters, best.attributes) == (
        {"depth": 3, "rate": 0.2}, {"family": "linear"},
    )  # fmt: skip


def test_equal_models_are_all_the_best(prepared: JournalBuilder) -> None:
    for name in ("one", "two"):
        with prepared.run(name) as run:
            run.read(prepared.root / "train.bin")
            run.metric("loss", 0.25)
            model(run, f"model-{name}")
    with open_store(prepared.store) as store:
        rows = q3(store, dataset(store, prepared.root)).rows
        assert sorted(row.model.name for row in rows) == ["model-one", "model-two"]
        assert q3(store, dataset(store, prepared.root), "accuracy").rows == []


def test_times_are_those_of_training_over_all_its_processes(prepared: JournalBuilder) -> None:
    with prepared.run("train") as run:
        run.read(prepared.root / "train.bin")
        training, checking = (
            run.started(STAGE, name, parent=run.id) for name in ("training", "validation")
        )
        for ms in (2, 4):
            process = section(run, "worker", training, kind=PROCESS)
            epoch = section(run, "epoch 0", process)
            section(run, "batch 0", epoch, ms)
            section(run, "batches", epoch, 50)
            call = section(run, "call", epoch, kind="call")
            section(run, "batch 1", call, ms + 1)
            section(run, "batch 9", section(run, "warm-up", epoch), 70)
        section(run, "batch 0", section(run, "epoch 0", checking), 90)
        section(run, "batch", section(run, "epoch", run.id), 7)
        run.started(SECTION, "batch 2", parent=epoch)
    with open_store(prepared.store) as store:
        rows = q4(store, dataset(store, prepared.root)).rows
        assert [(row.section, row.count, row.least_s, row.greatest_s) for row in rows] == [
            ("epoch", 1, 0.007, 0.007), ("epoch 0", 4, 0.002, 0.005),
        ]  # fmt: skip
        assert rows[1].mean_s == pytest.approx(0.0035)
        assert q4(store, dataset(store, prepared.root), "fold", "step").rows == []


def test_a_copied_data_set_and_a_copied_model_are_known_again(prepared: JournalBuilder) -> None:
    root = prepared.root
    (root / "copy.bin").write_bytes((root / "train.bin").read_bytes())
    with prepared.run("train") as run:
        run.read(root / "copy.bin")
        run.metric("batch_loss", 0.5)
        model(run, "model")
    (root / "copied-model").write_bytes((root / "model").read_bytes())
    with prepared.run("validate") as run:
        stage = run.started(STAGE, "validation", parent=run.id)
        run.read(root / "copied-model", activity=stage)
        run.metric("loss", 0.75)
        run.ended(stage)
    with open_store(prepared.store) as store:
        (source,) = q1(store, number(store, "model")).rows
        assert source.data.name == "raw.csv"
        (ranked,) = q7(store, {"bounds": [1, 9], "cut": 5}).rows
        assert (ranked.model.name, ranked.least) == ("model", 0.5)
        (validation,) = ranked.validations
        assert [(one.name, one.last) for one in validation.measures] == [("loss", 0.75)]
        assert [row.data.name for row in q6(store, {"cut": 5}).rows] == ["raw.csv"]
        assert [row.model.name for row in q5(store, {"bounds": [1, 9]}).rows] == ["model"]
        assert q5(store, {"bounds": [1, 8]}).rows == []


def test_what_was_not_recorded_is_in_the_answer(prepared: JournalBuilder) -> None:
    with prepared.run("train") as run:
        run.read(prepared.root / "train.bin")
        run.metric("loss", 0.5)
        model(run, "model")
        run.gap("child-unreached", count=2)
    with open_store(prepared.store) as store:
        found = q3(store, dataset(store, prepared.root))
        assert not found.completeness.complete
        assert [(gap.code, gap.count) for gap in found.completeness.gaps] == [
            ("child-unreached", 2)
        ]


def test_attributes_are_declared_of_files_seen_before_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("new.csv").write_text("a\n" * 40)
    Path("seen.csv").write_text("b\n" * 40)
    with watched_files(tmp_path) as session:
        Path("seen.csv").read_text()
        with whence.run("train") as run:
            for name in ("new.csv", "seen.csv"):
                run.use(name, attributes={"place": name, "size": 2.5})
            run.use("s3://bucket/data", attributes={"place": "far"})
    with open_store(session.store) as store:
        (train,) = store.runs()
        used = [edge.target for edge in store.edges_at(train.number, "up") if edge.relation == USED]
        said = sorted((store.attributes(one) for one in used), key=lambda one: one["place"])
        assert said == [
            {"place": "far", "uri": "s3://bucket/data"},
            {"place": "new.csv", "size": 2.5},
            {"place": "seen.csv", "size": 2.5},
        ]


def test_a_store_without_models_gives_no_rows(prepared: JournalBuilder) -> None:
    with open_store(prepared.store) as store:
        data = dataset(store, prepared.root)
        answers = [q3(store, data), q4(store, data), q5(store, {"cut": 5}), q7(store, {"cut": 5})]
        assert [answer.rows for answer in answers] == [[], [], [], []]
        assert q6(store, {}).rows == []
