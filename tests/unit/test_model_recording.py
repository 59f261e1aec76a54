"""What reaches the recorder untyped is recorded all the same, and reads back as an event."""

import os
import time

import pytest

from whence.capture.recorder import Recorder
from whence.journal.header import SCHEMA, Header
from whence.journal.layout import open_folder, open_segments
from whence.journal.reader import SegmentReader
from whence.model.event import ActivityRecorded, AgentRecorded, Event, ParamsLogged, decoder
from whence.model.value import Unencodable

ID = bytes(range(16))


def header(segment: bytes, number: int) -> Header:
    return Header(
        schema=SCHEMA, writer="test", segment=segment, run=ID, activity=ID, role="program",
        host="", machine="", boot="", pid=os.getpid(), process_start=0, user="", root=b"",
        wall=time.time_ns(), mono=time.monotonic_ns(), number=number,
    )  # fmt: skip


@pytest.fixture
def recorded(tmp_path):
    """Records an event and gives what a reader reads of it."""
    open_folder(tmp_path).mkdir(parents=True)
    recorder = Recorder(tmp_path, ID, header, pytest.fail)

    def record(event: Event) -> Event:
        recorder.record(event)
        (segment,) = open_segments(tmp_path)
        *_, last = SegmentReader(segment.path.read_bytes()).frames()
        return decoder.decode(last.payload)

    yield record
    recorder.stop()


def test_names_of_parameters_that_are_no_text_become_text(recorded):
    read = recorded(ParamsLogged(ID, {1: 2.5, "set": {3}, "\udcff": None}, 7))
    assert read == ParamsLogged(ID, {"1": 2.5, "set": {3}, "\\udcff": None}, 7)


def test_an_integer_over_64_bits_is_recorded(recorded):
    assert recorded(ParamsLogged(ID, {"n": 1 << 80}, 7)).params == {"n": 1 << 80}


def test_what_was_used_and_generated_stays_a_pair_when_a_value_is_odd(recorded):
    event = ActivityRecorded(
        ID, "fit", "f", None, 1, 2, "finished", {"odd": object}, {}, [(ID, "training")], [(ID, "")]
    )
    read = recorded(event)
    assert (read.used, read.generated) == ([(ID, "training")], [(ID, "")])
    assert read.params == {"odd": Unencodable("builtins.type", "<class 'object'>")}


def test_a_name_that_is_not_utf8_is_recorded_readably(recorded):
    assert recorded(AgentRecorded(ID, "person", "caf\udce9")).name == "caf\\udce9"
