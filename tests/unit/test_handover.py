"""What ``whence run`` was asked, and what it hands to the program and its children."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence._base.errors import UsageError
from whence.capture.launch.handover import Handover
from whence.capture.launch.request import parse_request

texts = st.text(st.characters(exclude_characters="\0"), max_size=20)


@given(texts, texts, texts, st.lists(st.tuples(texts.filter(bool), texts), max_size=3))
def test_a_handover_arrives_as_it_was_given(
    store: str, name: str, experiment: str, tags: list[tuple[str, str]]
) -> None:
    given_ = Handover(
        store or "/",
        "ab" * 16,
        "cd" * 16,
        4711,
        20000,
        "a=b:C,d=e:F",
        name,
        experiment,
        tuple(tags),
    )
    taken = Handover.decode(given_.encode())
    for field in Handover.__slots__:
        assert getattr(taken, field) == getattr(given_, field)
    assert min(given_.encode()) >= " "


def test_children_get_only_what_they_need() -> None:
    first = Handover("/s", "ab" * 16, pid=7, link=900, name="n", experiment="e", tags=(("a", "b"),))
    child = Handover.decode(first.for_children(bytes(16)).encode())
    assert (child.store, child.run, child.part_of, child.pid) == ("/s", "ab" * 16, "00" * 16, 7)
    assert (child.link, child.name, child.experiment, child.tags) == (-1, "", "", ())


@pytest.mark.parametrize("text", ["", "2;store=/s;run=ab", "1;run=ab", "1;store=/s;run=ab;pid=x"])
def test_a_handover_that_does_not_read_is_an_error_of_two_kinds_only(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Handover.decode(text)


@pytest.mark.parametrize(
    ("words", "flags", "program", "kind"),
    [
        ("s.py", [], ["s.py"], "script"),
        ("s.py --name x -c", [], ["s.py", "--name", "x", "-c"], "script"),
        ("-X dev -W error s.py", ["-X", "dev", "-W", "error"], ["s.py"], "script"),
        ("-Xdev -Werror -IEu s.py", ["-Xdev", "-Werror", "-IEu"], ["s.py"], "script"),
        ("-m mod -m", [], ["-m", "mod", "-m"], "module"),
        ("-Im mod a", ["-I"], ["-m", "mod", "a"], "module"),
        ("-Imod a", ["-I"], ["-m", "od", "a"], "module"),
        ("-c print a", [], ["-c", "print", "a"], "code"),
        ("-ucprint a", ["-u"], ["-c", "print", "a"], "code"),
        ("- a", [], ["-", "a"], "stdin"),
        (
            "--check-hash-based-pycs never s.py",
            ["--check-hash-based-pycs", "never"], ["s.py"], "script",
        ),
        ("--name n --tag a=b --tag c=d=e --store=/s -E s.py", ["-E"], ["s.py"], "script"),
    ],
)  # fmt: skip
def test_what_is_whose_is_clear(
    words: str, flags: list[str], program: list[str], kind: str
) -> None:
    request = parse_request(words.split())
    assert (request.flags, request.program, request.kind) == (flags, program, kind)


def test_options_of_ours_are_taken() -> None:
    words = "--name n --tag a=b --tag c=d=e --store=/s --experiment e s.py"
    request = parse_request(words.split())
    assert (request.name, request.store, request.experiment) == ("n", "/s", "e")
    assert request.tags == [("a", "b"), ("c", "d=e")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Nothing to run"),
        ("-I", "Nothing to run"),
        ("--nme x s.py", "no option --nme"),
        ("--name", "--name needs a value"),
        ("-c", "-c needs a value"),
        ("-Z s.py", "no flag -Z"),
        ("--tag x s.py", "KEY=VALUE"),
    ],
)
def test_wrong_use_says_what_is_wrong(words: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_request(words.split())


@pytest.mark.parametrize(
    ("words", "skips"),
    [("-S s.py", True), ("-IS s.py", True), ("-X S s.py", False), ("-WS s.py", False)],
)
def test_it_is_seen_when_site_is_skipped(words: str, skips: bool) -> None:
    assert parse_request(words.split()).skips_site is skips


LEAN = """
import sys
from whence._base import lean
assert lean.load_core()
import msgspec as small
class Point(small.Struct, frozen=True):
    x: int
data = small.msgpack.encode(Point(1))
assert "msgspec.json" not in sys.modules and "typing_extensions" not in sys.modules
lean.restore()
import msgspec
assert msgspec is not small and msgspec.Struct is small.Struct
assert msgspec.json.encode(Point(1)) == b'{"x":1}'
assert msgspec.msgpack.decode(data, type=Point) == Point(1)
from typing import TypedDict, NotRequired
class Row(TypedDict):
    a: int
    b: NotRequired[str]
assert msgspec.convert({"a": 1}, Row) == {"a": 1}
try:
    msgspec.convert({"b": "x"}, Row)
except msgspec.ValidationError as error:
    print(error)
"""


def test_the_core_alone_is_loaded_and_the_whole_package_works_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("Object missing required field `a`\n", "")
