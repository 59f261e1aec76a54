"""The guard swallows what is ours, counts it, and lets everything else through."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from whence._base.interruption import is_foreign
from whence.capture.guard import asked, failures, guarded


@pytest.fixture(autouse=True)
def no_failures() -> Iterator[None]:
    failures.clear()
    yield
    failures.clear()


def test_a_failure_of_ours_is_counted_and_goes_no_further() -> None:
    called = []
    for _ in range(2):
        with guarded("observer-failed", "reading", on_failure=lambda: called.append(1)):
            int("x")
    key = ("observer-failed", "reading: ValueError: invalid literal for int() with base 10: 'x'")
    assert failures == {key: 2}
    assert called == [1, 1]


def test_a_failure_of_what_follows_a_failure_is_counted_too() -> None:
    with guarded("observer-failed", "x", on_failure=lambda: [][0]):
        raise ValueError("first")
    assert failures == {
        ("observer-failed", "x: ValueError: first"): 1,
        (
            "observer-failed",
            "x, and what follows a failure: IndexError: list index out of range",
        ): 1,
    }


def test_a_handler_that_raises_in_what_follows_a_failure_is_seen() -> None:
    former = signal.signal(signal.SIGUSR1, plain_handler)
    try:
        with (
            pytest.raises(Timeout),
            guarded("x", "x", on_failure=lambda: signal.raise_signal(signal.SIGUSR1)),
        ):
            raise ValueError("first")
    finally:
        signal.signal(signal.SIGUSR1, former)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_no_error_passes(error: type[BaseException]) -> None:
    with pytest.raises(error), guarded("observer-failed", "x"):
        raise error
    assert not failures


def test_an_error_without_a_text_is_counted_all_the_same() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    with guarded("observer-failed", "x"):
        raise Silent
    assert failures == {("observer-failed", "x: Silent: no text"): 1}


class Timeout(Exception):
    pass


def plain_handler(number: int, frame: object) -> None:
    raise Timeout


def handler_with_star(*args: object) -> None:
    raise Timeout


def handler_that_forgets(number: int, frame: object) -> None:
    del frame
    raise Timeout


def handler_that_calls(number: int, frame: object) -> None:
    import json

    json.loads("{")


class Handler:
    def method(self, number: int, frame: object) -> None:
        raise Timeout

    def __call__(self, number: int, frame: object) -> None:
        raise Timeout


def extra(text: str, number: int, frame: object) -> None:
    raise Timeout


HANDLERS: dict[str, Callable[..., Any]] = {
    "function": plain_handler,
    "star": handler_with_star,
    "forgets": handler_that_forgets,
    "calls a library": handler_that_calls,
    "method": Handler().method,
    "callable": Handler(),
    "partial": functools.partial(extra, "x"),
    "lambda": lambda number, frame: plain_handler(number, frame),
}


@pytest.mark.parametrize("name", HANDLERS)
def test_what_a_signal_handler_raises_reaches_the_program(name: str) -> None:
    former = signal.signal(signal.SIGUSR1, HANDLERS[name])
    try:
        with pytest.raises((Timeout, ValueError)), guarded("observer-failed", "x"):
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert not failures


def test_what_a_handler_raises_while_a_library_works_for_us_reaches_the_program() -> None:
    former = signal.signal(signal.SIGUSR1, plain_handler)
    try:
        with pytest.raises(Timeout), guarded("observer-failed", "x"):
            sorted([1, 2], key=lambda _: signal.raise_signal(signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, former)


def test_what_a_trace_function_raises_reaches_the_program() -> None:
    def trace(frame: FrameType, event: str, arg: object) -> None:
        if frame.f_code.co_name == "traced":
            raise Timeout

    def work() -> None:
        with guarded("observer-failed", "x"):
            traced()

    def traced() -> int:
        return 1

    former = sys.gettrace()
    try:
        sys.settrace(trace)
        with pytest.raises(Timeout):
            work()
    finally:
        sys.settrace(former)


def test_an_object_of_the_user_may_fail_to_answer() -> None:
    assert asked(lambda: 1 // 0, "nothing") == "nothing"
    assert asked(lambda: 2, 0) == 2
    assert not failures


def test_an_error_that_was_never_raised_came_from_nowhere_else() -> None:
    assert is_foreign(None) is False
