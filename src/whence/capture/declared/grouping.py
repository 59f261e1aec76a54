"""Experiments: activities that group runs and are named, so that equal names are one experiment."""

from __future__ import annotations

from whence._base.clock import wall_ns
from whence._base.ids import derived_id
from whence._base.text import plain
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import ActivityRecorded, RelationRecorded
from whence.model.relation import Known, Relation
from whence.model.status import FINISHED


def join_experiment(session: Session, run: bytes, experiment: str) -> None:
    """Record that ``run`` is one of the runs of ``experiment``."""
    group, now, name = derived_id(b"experiment", experiment), wall_ns(), plain(experiment)
    record = session.recorder.record
    record(ActivityRecorded(group, kinds.EXPERIMENT, name, None, now, now, FINISHED))
    record(RelationRecorded(run, Relation.PART_OF_GROUP, group, Known.DECLARED, now))
