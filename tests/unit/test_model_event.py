"""Events read back as they were recorded, by this version and by ones with a field more or less."""

import json
import typing
from pathlib import Path

import msgspec
import pytest

from whence.model import event as events
from whence.model.event import Event, decoder, encoder
from whence.model.place import Stamp
from whence.model.value import typed

CLASSES = typing.get_args(Event)
GOLDEN = Path(__file__).parents[1] / "data" / "events-1.json"

ID, OTHER = bytes(range(16)), bytes(range(16, 32))
DIGEST = bytes(range(32))
PATH = b"/data/caf\xe9 \xff.csv"
STAMP = Stamp(64769, 1234567, 5_000_000_000, 1_700_000_000_123_456_789, 1_700_000_000_987_654_321)
AT, MONO = 1_700_000_000_000_000_001, 12_345_678_901

EXAMPLES: dict[str, Event] = {
    "ActivityStarted": events.ActivityStarted(ID, "run", "train", OTHER, AT, MONO, {"argv": ["a"]}),
    "ActivityEnded": events.ActivityEnded(ID, "failed", AT, MONO, {"exit_code": 3}, True),
    "ActivityRecorded": events.ActivityRecorded(
        ID, "fit", "SVC.fit", None, AT, AT + 1, "finished",
        {"C": 0.1}, {"loss": 1e-7}, [(OTHER, "training")], [(ID, "")], {"class": "SVC"},
    ),
    "EntityRecorded": events.EntityRecorded(
        ID, "frame", "train", AT, {"columns": ["a", "b"], "shape": (3, 2)}, DIGEST, 1 << 40
    ),
    "AgentRecorded": events.AgentRecorded(ID, "person", "ada", {"mail": "ada@example.org"}),
    "RelationRecorded": events.RelationRecorded(ID, 5, OTHER, 2, AT, "by content", {"n": 1}),
    "ParamsLogged": events.ParamsLogged(
        ID, {"lr": 1 / 3, "n": 1 << 70, "none": None, "flag": True}, AT
    ),
    "MetricLogged": events.MetricLogged(ID, "accuracy", 0.1 + 0.2, -1, AT),
    "MetricsLogged": events.MetricsLogged(ID, {"a": float("inf"), "b": -0.0}, 7, AT),
    "TagsSet": events.TagsSet(ID, {"team": "red"}, AT),
    "FileOpened": events.FileOpened(
        ID, OTHER, "r", b"fs", PATH, STAMP, AT, MONO,
        "training", "dataset", b"link", 1, "FileNotFoundError", {"rows": 3},
    ),
    "FileClosed": events.FileClosed(ID, None, AT, MONO),
    "FileMoved": events.FileMoved(ID, b"fs", PATH, b"/data/b", STAMP, AT, MONO),
    "FileRemoved": events.FileRemoved(ID, b"fs", PATH, None, AT, MONO),
    "ContentHashed": events.ContentHashed(b"fs", PATH, STAMP, DIGEST, AT),
    "GapRecorded": events.GapRecorded("hash-pending", ID, AT, OTHER, 3, "why", b"fs", STAMP),
}  # fmt: skip


def recorded(event: Event) -> bytes:
    """The bytes of an event whose values are put into their form first, as capture does."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    maps = {name: typed(value) for name, value in fields.items() if isinstance(value, dict)}
    return encoder.encode(msgspec.structs.replace(event, **maps))


def test_there_is_an_example_of_every_event():
    assert sorted(EXAMPLES) == sorted(cls.__name__ for cls in CLASSES)


def test_every_event_has_a_number_of_its_own():
    numbers = [cls.__struct_config__.tag for cls in CLASSES]
    assert sorted(numbers) == list(range(1, len(CLASSES) + 1))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_reads_back_as_it_was_recorded(name):
    assert decoder.decode(recorded(EXAMPLES[name])) == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_of_the_first_version_reads_as_it_did_then(name):
    """These bytes lie in people's journals: never change them, only add files of later versions."""
    golden = json.loads(GOLDEN.read_text())
    assert decoder.decode(bytes.fromhex(golden[name])) == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_of_a_later_version_with_a_field_more_is_read(name):
    parts = msgspec.msgpack.decode(recorded(EXAMPLES[name]))
    later = msgspec.msgpack.encode([*parts, {"of": "a later version"}])
    assert decoder.decode(later) == EXAMPLES[name]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_an_event_of_an_earlier_version_without_the_optional_fields_is_read(cls):
    example = EXAMPLES[cls.__name__]
    fields = msgspec.structs.fields(cls)
    required = [field.name for field in fields if field.required]
    parts = msgspec.msgpack.decode(recorded(example))
    earlier = msgspec.msgpack.encode(parts[: 1 + len(required)])
    assert decoder.decode(earlier) == cls(**{name: getattr(example, name) for name in required})


def test_an_event_of_an_unknown_number_is_refused_with_the_error_readers_expect():
    unknown = msgspec.msgpack.encode([99, b"x"])
    with pytest.raises(msgspec.ValidationError):
        decoder.decode(unknown)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_event_cannot_be_changed(name):
    example = EXAMPLES[name]
    field = example.__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(example, field, b"")


def test_two_events_never_share_the_map_of_a_default():
    first, second = (events.AgentRecorded(ID, "person", name) for name in "ab")
    assert first.attributes is not second.attributes
