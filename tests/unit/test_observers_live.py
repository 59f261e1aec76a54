"""Live objects are known by identity, in states, for as long as they live."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.support.session import make_session, of_type
from whence.capture.session import Session
from whence.model.event import EntityRecorded, GapRecorded, RelationRecorded
from whence.model.relation import Known, Relation
from whence.observers import live
from whence.observers.live import LiveObjects, live_objects

ENTITY = b"e" * 16


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return make_session(tmp_path)


def test_an_object_is_known_by_identity_not_by_being_equal(session: Session) -> None:
    known = LiveObjects(session)
    array = np.arange(3)
    assert known.remember(array, ENTITY, "array", "a")
    assert known.entity_of(array) == ENTITY
    assert known.entity_of(array.copy()) is None
    assert known.entity_of(np.arange(3)) is None


def test_what_cannot_be_weakly_referenced_is_not_followed(session: Session) -> None:
    known = LiveObjects(session)
    assert not known.remember([1, 2], ENTITY, "array", "a")
    assert not known.remember(7, ENTITY, "array", "a")


def test_an_object_is_forgotten_when_it_dies_and_its_address_means_nothing(
    session: Session,
) -> None:
    known = LiveObjects(session)
    for _ in range(1000):
        array = np.arange(3)
        assert known.entity_of(array) is None
        known.remember(array, ENTITY, "array", "a")
        del array
    gc.collect()
    assert known._states == {}


def test_a_frame_with_another_column_is_a_new_entity_derived_from_the_old(
    session: Session,
) -> None:
    known = LiveObjects(session)
    frame = pd.DataFrame({"a": [1, 2]})
    known.remember(frame, ENTITY, "frame", "raw.csv")
    frame["b"] = frame["a"] * 2
    state = known.entity_of(frame)
    assert state not in (None, ENTITY)
    assert known.entity_of(frame) == state
    (entity,) = of_type(session.store, EntityRecorded)
    assert (entity.id, entity.kind, entity.name) == (state, "frame", "raw.csv")
    assert entity.attributes["columns"] == ["a", "b"]
    assert entity.attributes["shape"] == [2, 2]
    (edge,) = of_type(session.store, RelationRecorded)
    assert (edge.source, edge.relation, edge.target) == (state, Relation.WAS_DERIVED_FROM, ENTITY)
    assert (edge.known, edge.role) == (Known.OBSERVED, "changed in place")


def test_a_view_of_known_memory_is_derived_from_it(session: Session) -> None:
    known = LiveObjects(session)
    array = np.arange(12).reshape(3, 4).copy()
    known.remember(array, ENTITY, "array", "X")
    view = array[:, :2].T
    entity = known.entity_of(view)
    (edge,) = of_type(session.store, RelationRecorded)
    assert (edge.source, edge.target, edge.role) == (entity, ENTITY, "view")
    assert known.entity_of(view) == entity


def test_the_oldest_are_forgotten_beyond_the_limit_and_a_gap_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LIMIT", 2)
    known = LiveObjects(session)
    arrays = [np.zeros(n + 1) for n in range(3)]
    for n, array in enumerate(arrays):
        known.remember(array, bytes([n]) * 16, "array", "a")
    assert [known.entity_of(array) for array in arrays] == [None, b"\1" * 16, b"\2" * 16]
    assert [gap.code for gap in of_type(session.store, GapRecorded)] == ["objects-forgotten"]


def test_all_observers_of_a_session_share_its_live_objects(session: Session) -> None:
    assert live_objects(session) is live_objects(session)
    assert live_objects(session) is not live_objects(make_session(session.root / "other"))
