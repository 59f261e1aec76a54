"""A look at a journal tells which runs have something new, those inside of others too."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.journal import JournalBuilder
from whence._base.errors import StoreError
from whence.model.event import TagsSet
from whence.service.following import Follower
from whence.service.index import fold_new, open_index
from whence.store.sqlite import SqliteStore


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    return JournalBuilder(tmp_path)


def follower(journal: JournalBuilder) -> Follower:
    return Follower(journal.store, lambda: open_index(journal.store))


def test_runs_declared_inside_are_told_beside_the_process_that_declares_them(journal):
    with journal.run("sweep.py") as outer:
        first = outer.started("run", "trial 1", parent=outer.id)
        second = outer.started("run", "trial 2", parent=outer.id)
        fit = outer.started("fit", "sklearn.fit", parent=second)
        looking = follower(journal)
        assert set(looking.look().runs) == {outer.id, first, second}
        outer.ended(fit)
        assert set(looking.look().runs) == {outer.id, second}
        outer.metric("acc", 0.5)
        assert set(looking.look().runs) == {outer.id}
        outer.ended(first)
        outer.ended(second)
    assert set(looking.look().runs) == {outer.id, first, second}
    assert looking.look().runs == []


def test_a_process_of_a_run_tells_its_run(journal):
    with journal.run("train.py") as run:
        worker = run.started("process", "worker", parent=run.id)
        looking = follower(journal)
        looking.look()
        with journal.process(run.id, worker) as inside:
            inside.metric("loss", 1.0)
        assert set(looking.look().runs) == {run.id}


def test_what_another_process_folds_first_is_news_all_the_same(journal):
    looking = follower(journal)
    with journal.run("before") as before:
        fold_new(journal.store)
        assert looking.look().runs == []  # it begins with what the index holds
    with journal.run("sweep.py") as outer:
        trial = outer.started("run", "trial", parent=outer.id)
        fold_new(journal.store)
        assert set(looking.look().runs) == {before.id, outer.id, trial}
        assert looking.look().runs == []
        outer.ended(trial)
        fold_new(journal.store)
        outer.metric("acc", 0.5)
        assert set(looking.look().runs) == {outer.id, trial}
    fold_new(journal.store)
    assert set(looking.look().runs) == {outer.id}
    assert looking.look().runs == []


def test_a_look_that_fails_halfway_is_made_good_by_the_next(journal, monkeypatch):
    looking = follower(journal)
    looking.look()
    with journal.run("train.py") as run:
        pass

    def away(store: SqliteStore) -> None:
        raise StoreError("The index is away")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "settle", away)
        with pytest.raises(StoreError):
            looking.look()
    assert looking.look().runs == [run.id]


@pytest.mark.parametrize(
    ("tags", "at"),
    [
        ({"a": "b"}, 2**64 - 1),
        ({"deep": msgspec.Raw(b"\x91" * 200_000 + b"\xc0")}, 1),
    ],
    ids=["a time after all", "deeper than can be read"],
)
def test_an_event_that_no_index_can_hold_keeps_nothing_else_waiting(
    journal: JournalBuilder, tags: dict[str, Any], at: int
) -> None:
    with journal.run("poisoned") as bad:
        bad.record(TagsSet(bad.id, tags, at))
    with journal.run("well") as good:
        pass
    found = follower(journal).look()
    assert found.problems == []
    assert {bad.id, good.id} <= set(found.runs)
    with open_index(journal.store) as store:
        assert sorted(node.name for node in store.runs()) == ["poisoned", "well"]
        assert [gap.code for gap in store.gaps()][:1] == ["event-unknown"]
