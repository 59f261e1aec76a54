"""Watching callables: what is told of a call, what the caller notices (nothing), what is left."""

from __future__ import annotations

import functools
import importlib
import inspect
import operator
import pickle
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.session import make_session, of_type
from whence.capture.guard import failures
from whence.capture.session import Session
from whence.model.event import GapRecorded
from whence.observers import monitoring
from whence.observers.call import Call
from whence.observers.watch import Watcher

LIBRARY = '''
import functools
import sys
import warnings
from math import gcd

def double(x, *rest, scale=2, **more):
    """Give twice the number."""
    return x * scale

def quadruple(x):
    return double(double(x))

def apply(function, *args):
    return function(*args)

def fail(x):
    raise ValueError(x)

def swallow(x):
    try:
        fail(x)
    except ValueError:
        return None

def deprecated():
    warnings.warn("old", DeprecationWarning, stacklevel=2)

def count(n):
    yield from range(n)

def checked(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if args and args[0] is None:
            raise TypeError("None")
        return function(*args, **kwargs)
    return wrapper

@checked
def add(left, right=1):
    return left + right

@checked
def unwatched(x):
    return add(x)

def where():
    frame = sys._getframe(1)
    while frame.f_globals["__name__"].startswith("somelib"):
        frame = frame.f_back
    return frame.f_code.co_name

class Base:
    def fit(self, X, y=None):
        return self

    def refit(self, X):
        return self.fit(X)

    @classmethod
    def made(cls, x):
        return cls

    @staticmethod
    def plain(x):
        return x

class Derived(Base):
    @checked
    def fit(self, X, y=None):
        return super().fit(X, y)
'''

both_ways = pytest.mark.parametrize("way", ["monitoring", "wrapping"])


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package that is installed, with a module that re-exports what another defines."""
    folder = tmp_path / "site-packages" / "somelib"
    folder.mkdir(parents=True)
    (folder / "core.py").write_text(LIBRARY)
    (folder / "__init__.py").write_text("from somelib.core import *\n")
    monkeypatch.syspath_prepend(folder.parent)
    yield importlib.import_module("somelib")
    for name in ("somelib", "somelib.core"):
        sys.modules.pop(name, None)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return make_session(tmp_path)


@pytest.fixture
def watcher(
    session: Session, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watcher]:
    way = request.node.callspec.params.get("way") if hasattr(request.node, "callspec") else None
    if way == "monitoring" and sys.version_info < (3, 12):
        pytest.skip("sys.monitoring came with Python 3.12")
    if way == "wrapping":
        monkeypatch.setattr(monitoring, "is_available", lambda: False)
    made = Watcher(session, "somelib")
    yield made
    made.detach()
    failures.clear()


def told(watcher: Watcher, module: ModuleType, *names: str, **options: Any) -> list[Call]:
    """Watch functions of a module; gives the list that their calls will be added to."""
    calls: list[Call] = []
    for name in names:
        assert watcher.function(module, name, watcher.watch(name, returned=calls.append, **options))
    return calls


@both_ways
def test_a_call_is_told_with_its_arguments_result_and_place(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library, "double")
    result = library.double(3, 8, 9, other=1)
    line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]
    assert result == 6
    (call,) = calls
    assert call.arguments == {"x": 3, "scale": 2, "rest": (8, 9), "other": 1}
    assert (call.first, call.result, call.error, call.by_user) == (3, 6, None, True)
    assert call.site is not None
    assert (call.site.file, call.site.line) == (__file__, line)
    assert call.site.function == "test_a_call_is_told_with_its_arguments_result_and_place"


@both_ways
def test_defaults_are_among_the_arguments_of_a_decorated_function(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library, "add")
    assert library.add(5) == 6
    assert [call.arguments for call in calls] == [{"left": 5, "right": 1}]


@both_ways
def test_of_functions_that_share_a_decorator_only_the_watched_one_is_told(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library, "add")
    library.unwatched(1)
    library.add(1, 2)
    assert [(call.name, call.result) for call in calls] == [("add", 3)]


@both_ways
def test_under_its_decorators_a_function_is_told_and_others_are_left_alone(
    session: Session, library: ModuleType, way: str, watcher: Watcher
) -> None:
    inner = Watcher(session, "somelib", undecorated=True)
    calls = told(inner, library, "add")
    library.add(1, 2)
    library.unwatched(3)
    line = inspect.currentframe().f_lineno - 2  # type: ignore[union-attr]
    assert [(call.arguments, call.by_user) for call in calls] == [({"left": 1, "right": 2}, True)]
    assert calls[0].site is not None
    assert (calls[0].site.file, calls[0].site.line) == (__file__, line)
    if way == "monitoring":
        events = sys.monitoring.get_local_events  # type: ignore[attr-defined]
        assert events(monitoring._tool, library.unwatched.__code__) == 0
    inner.detach()


def test_a_library_that_looks_for_the_users_frame_passes_over_a_wrapper(
    session: Session, library: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "is_available", lambda: False)
    watcher = Watcher(session, "somelib", counts_frames=True)
    calls = told(watcher, library, "where")
    name = library.where()
    watcher.detach()
    assert [call.result for call in calls] == [name]
    assert name == "test_a_library_that_looks_for_the_users_frame_passes_over_a_wrapper"


def test_the_methods_of_a_class_that_cannot_be_changed_are_not_watched(watcher: Watcher) -> None:
    watched = watcher.watch("get")
    assert not watcher.method(dict, "get", watched)
    assert not watcher.method(dict, "get", watched, written_in_c=True)


@both_ways
def test_an_exception_keeps_the_traceback_of_plain_python(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    def trace() -> str:
        try:
            library.fail("no")
        except ValueError:
            return traceback.format_exc()
        raise AssertionError

    plain = trace()
    ends: list[tuple[str, object]] = []
    ended = watcher.watch(
        "fail", returned=lambda call: ends.append((repr(call.error), call.result))
    )
    assert watcher.function(library, "fail", ended)
    assert trace() == plain
    assert ends == [("ValueError('no')", None)]


@both_ways
def test_an_exception_of_a_decorator_is_the_error_of_the_call(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    errors: list[type] = []
    ended = watcher.watch("add", returned=lambda call: errors.append(type(call.error)))
    assert watcher.function(library, "add", ended)
    with pytest.raises(TypeError):
        library.add(None)
    assert errors == [TypeError]


@both_ways
def test_only_the_outermost_call_of_a_group_counts(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library, "quadruple", "double")
    assert library.quadruple(1) == 4
    assert [call.name for call in calls] == ["quadruple"]


@both_ways
def test_a_call_by_a_library_is_not_the_users(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library.core, "double")
    library.quadruple(1)
    library.apply(library.double, 1)
    assert calls == []
    assert functools.partial(library.double, 4)() == 8
    assert [call.first for call in calls] == [4]


@both_ways
def test_the_outermost_call_counts_on_behalf_of_the_user_when_asked_for(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library.core, "double", when="outermost")
    library.quadruple(1)
    library.double(7)
    assert [(call.first, call.by_user) for call in calls] == [(1, False), (2, False), (7, True)]
    assert {call.site.file for call in calls if call.site} == {__file__}


@both_ways
def test_a_call_after_one_that_raised_unseen_still_counts(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls = told(watcher, library.core, "fail", "double")
    for _ in range(3):
        library.swallow(1)
    library.double(1)
    assert [call.name for call in calls] == ["double"]


@both_ways
def test_a_method_is_told_for_the_class_that_defines_it(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls: list[Call] = []
    fit = watcher.watch("fit", returned=calls.append)
    assert watcher.method(library.Base, "fit", fit)
    assert watcher.method(library.Derived, "fit", fit)
    assert not watcher.method(library.Derived, "refit", fit)
    base, derived = library.Base(), library.Derived()
    base.fit(1)
    derived.fit(2, y=3)
    derived.refit(4)
    assert [(call.first, call.arguments["X"]) for call in calls] == [(base, 1), (derived, 2)]
    assert calls[1].arguments["y"] == 3


@both_ways
def test_class_methods_and_static_methods_stay_what_they_are(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    calls: list[Call] = []
    for name in ("made", "plain"):
        watcher.method(library.Base, name, watcher.watch(name, returned=calls.append))
    assert library.Derived.made(1) is library.Derived
    assert library.Base().plain(2) == 2
    assert [call.first for call in calls] == [library.Derived, 2]
    assert isinstance(vars(library.Base)["made"], classmethod)
    assert isinstance(vars(library.Base)["plain"], staticmethod)


@both_ways
def test_detaching_leaves_every_name_of_the_library_as_it_was(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    namespaces = [vars(library), vars(library.core), vars(library.Base), vars(library.Derived)]
    before = [dict(names) for names in namespaces]
    calls = told(watcher, library, "double", "add", "fail", "gcd")
    for cls in (library.Base, library.Derived):
        watcher.method(cls, "fit", watcher.watch("fit", returned=calls.append))
    library.gcd(4, 6)
    watcher.detach()
    watcher.detach()
    for names, held in zip(namespaces, before, strict=True):
        assert list(names) == list(held)
        assert [name for name in names if names[name] is not held[name]] == []
    assert [call.name for call in calls] == ["gcd"]
    library.double(1)
    library.Derived().fit(1)
    assert len(calls) == 1


def test_monitoring_leaves_the_library_alone_while_it_watches(
    watcher: Watcher, library: ModuleType
) -> None:
    if sys.version_info < (3, 12):
        pytest.skip("sys.monitoring came with Python 3.12")
    early, before = library.double, dict(vars(library.core))
    calls = told(watcher, library, "double")
    assert vars(library.core) == before
    early(1)
    assert [call.name for call in calls] == ["double"]
    tool = monitoring._tool
    assert sys.monitoring.get_tool(tool) == "whence"  # type: ignore[attr-defined]
    watcher.detach()
    assert sys.monitoring.get_tool(tool) is None  # type: ignore[attr-defined]
    early(2)
    assert len(calls) == 1


def test_without_a_free_slot_functions_are_wrapped_and_a_gap_says_so(
    session: Session, library: ModuleType
) -> None:
    if sys.version_info < (3, 12):
        pytest.skip("sys.monitoring came with Python 3.12")
    for number in (3, 4):
        sys.monitoring.use_tool_id(number, "another tool")  # type: ignore[attr-defined]
    try:
        watcher = Watcher(session, "somelib")
        calls = told(watcher, library, "double")
        library.double(1)
        watcher.detach()
    finally:
        for number in (3, 4):
            sys.monitoring.free_tool_id(number)  # type: ignore[attr-defined]
    assert [call.first for call in calls] == [1]
    assert [gap.code for gap in of_type(session.store, GapRecorded)] == ["watched-by-wrapper"]


@pytest.mark.parametrize("way", ["wrapping"])
def test_a_wrapper_looks_and_pickles_as_the_original(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    original, looks = library.double, lambda f: (
        f.__name__, f.__qualname__, f.__module__, f.__doc__, str(inspect.signature(f)),
        pickle.dumps(f), inspect.getsource(f),
    )  # fmt: skip
    before = looks(original)
    told(watcher, library, "double", "gcd")
    assert library.double is not original
    assert library.double is library.core.double
    assert looks(library.double) == before
    assert pickle.loads(pickle.dumps(library.double)) is library.double
    assert pickle.loads(pickle.dumps(library.gcd)) is library.gcd
    assert library.gcd.__module__ == "math"


@pytest.mark.parametrize("way", ["wrapping"])
def test_a_warning_still_points_at_the_caller_of_a_wrapped_function(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    told(watcher, library, "deprecated")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        library.deprecated()
    assert [str(Path(w.filename)) for w in caught] == [__file__]


@both_ways
def test_a_failing_observer_is_switched_off_counted_and_leaves_the_library_as_found(
    watcher: Watcher, session: Session, library: ModuleType, way: str
) -> None:
    before = dict(vars(library.core))
    failing = watcher.watch("double", returned=operator.itemgetter("missing"))
    watcher.function(library, "double", failing)
    assert library.double(2) == 4
    assert library.double(3) == 6
    assert all(vars(library.core)[name] is value for name, value in before.items())
    assert [(code, count) for (code, _), count in failures.items()] == [("observer-failed", 1)]
    last = of_type(session.store, GapRecorded)[-1]
    assert (last.code, last.detail) == ("observer-failed", "the somelib observer")


@both_ways
def test_nothing_is_watched_inside_a_callback(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    seen: list[object] = []

    def returned(call: Call) -> None:
        seen.append(library.double(call.result))

    watcher.function(library, "double", watcher.watch("double", returned=returned))
    assert library.double(1) == 2
    assert seen == [4]


@both_ways
def test_what_a_signal_handler_raises_inside_a_callback_reaches_the_program(
    watcher: Watcher, library: ModuleType, way: str
) -> None:
    def handler(number: int, frame: object) -> None:
        raise TimeoutError("the user's")

    def returned(call: Call) -> None:
        signal.raise_signal(signal.SIGALRM)

    old = signal.signal(signal.SIGALRM, handler)
    try:
        watcher.function(library, "double", watcher.watch("double", returned=returned))
        with pytest.raises(TimeoutError, match="the user's"):
            library.double(1)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert watcher.is_on


@both_ways
def test_each_thread_has_its_own_calls(watcher: Watcher, library: ModuleType, way: str) -> None:
    calls: list[Call] = []
    other = threading.Event()

    def started(call: Call) -> None:
        if call.first == "main":
            worker = threading.Thread(target=lambda: library.double("worker"))
            worker.start()
            worker.join()
            other.set()

    watched = watcher.watch("double", called=started, returned=calls.append)
    watcher.function(library, "double", watched)
    library.double("main")
    assert other.is_set()
    assert sorted(call.first for call in calls) == ["main", "worker"]


@both_ways
def test_generators_give_what_they_gave(watcher: Watcher, library: ModuleType, way: str) -> None:
    told(watcher, library, "count")
    assert list(library.count(3)) == [0, 1, 2]
