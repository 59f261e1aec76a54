"""The write API: what a program says of itself, in the words of MLflow and PROV.

    with whence.run("train", params={"lr": 0.1}) as run:
        run.use("data/train.csv", role="training data")
        with run.stage("training"):
            for n in range(3):
                with run.section("epoch", n):
                    run.log_metric("loss", 0.5 / (n + 1))
        run.produce("model.joblib", kind="model")

Wrong arguments raise `UsageError` at once. A failure of recording never raises.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Mapping
from operator import index
from types import TracebackType
from typing import Any, Self, TypeVar

from whence._base.clock import mono_ns, wall_ns
from whence._base.errors import UsageError
from whence._base.ids import format_id, uuid7
from whence._base.text import plain
from whence.capture import session as sessions
from whence.capture.declared.declaring import Declared, declare
from whence.capture.declared.grouping import join_experiment
from whence.capture.declared.outset import outset, session_for
from whence.capture.guard import guarded
from whence.capture.process.ending import of_exception
from whence.capture.process.program import describe_process
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import (
    ActivityEnded,
    ActivityStarted,
    MetricLogged,
    MetricsLogged,
    ParamsLogged,
    TagsSet,
)
from whence.model.status import FINISHED
from whence.model.value import typed

__all__ = ["Activity", "Declared", "Run", "run"]

F = TypeVar("F", bound=Callable[..., Any])
_guard = guarded("observer-failed", "whence.run")


class Activity:
    """Something with a beginning and an end: a stage or a section of a run; a context manager."""

    def __init__(self, session: Session | None, kind: str, name: str, **attributes: Any) -> None:
        self._session, self._kind, self._attributes = session, kind, attributes
        self._uid = b""
        self._tokens: list[object] = []
        self.name = name

    @property
    def id(self) -> str:
        """The id, as text; empty before the beginning."""
        return format_id(self._uid) if self._uid else ""

    def __enter__(self) -> Self:
        if self._uid:
            raise UsageError(f"{self._kind} {self.name!r} has begun already; make a new one")
        self._uid = uuid7()
        if self._session is not None:
            with _guard:
                self._begin(self._session, self._session.activity())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with _guard:
            self._end(error)

    def _begin(self, session: Session, parent: bytes | None) -> None:
        details = {key: typed(value) for key, value in self._attributes.items()}
        start = ActivityStarted(
            self._uid, self._kind, plain(self.name), parent, wall_ns(), mono_ns(), details
        )
        session.recorder.record(start)
        self._tokens.append(sessions.enter_activity(self._uid))

    def _end(self, error: BaseException | None) -> None:
        if self._tokens:
            # It may end in another context than it began in (a generator, a callback).
            with contextlib.suppress(ValueError):
                sessions.leave_activity(self._tokens.pop())
        if self._session is None:
            return
        status: str = FINISHED
        details: dict[str, Any] = {}
        if error is not None:
            ending = of_exception(error)
            status, details = ending.status, {k: typed(v) for k, v in ending.attributes.items()}
        self._session.recorder.record(
            ActivityEnded(self._uid, status, wall_ns(), mono_ns(), details)
        )


class Run(Activity):
    """A run that the program declares; made by `run`. A context manager, and a decorator."""

    def __init__(
        self,
        name: str | None,
        params: Mapping[str, Any],
        tags: Mapping[str, Any],
        experiment: str | None,
        store: str | None,
        observe: bool,
    ) -> None:
        super().__init__(None, kinds.RUN, name or "run")
        self._params, self._tags = params, tags
        self._experiment, self._store, self._observe = experiment, store, observe
        self._own_name, self._is_outermost = name, False
        self._steps: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self._uid:
            raise UsageError(
                f"Run {self.name!r} has begun already; call whence.run() for a new one"
            )
        self._uid = uuid7()
        self._session = session = session_for(self._store, self._uid)
        if session is not None:
            with _guard:
                self._open(session)
            with _guard:
                if self._experiment:
                    join_experiment(session, self._uid, self._experiment)
        self.log_params(self._params)
        self.set_tags(self._tags)
        return self

    def _open(self, session: Session) -> None:
        own = outset()
        parent: bytes | None = session.activity()
        if own is not None and own.is_main() and parent == session.process:
            parent = None
            self._attributes = describe_process()
        self._begin(session, parent)
        if own is not None and own.is_main():
            if parent is None:
                own.record_code(self._uid)
                self._is_outermost = True
            if self._observe:
                own.observe()

    def _end(self, error: BaseException | None) -> None:
        own = outset()
        if own is not None and own.is_main():
            if self._observe:
                own.observe_no_more()
            if self._is_outermost:
                own.record_code(self._uid)
                own.forget(self._uid)
        super()._end(error)

    def __call__(self, function: F) -> F:
        """Record each call of ``function`` as a run of its own."""
        if not callable(function):
            raise UsageError("whence.run(...) decorates a function, or is used in a with statement")

        def fresh() -> Run:
            return Run(
                self._own_name or getattr(function, "__qualname__", "run"),
                self._params, self._tags, self._experiment, self._store, self._observe,
            )  # fmt: skip

        from inspect import iscoroutinefunction

        if iscoroutinefunction(function):

            @functools.wraps(function)
            async def recorded_coroutine(*args: Any, **kwargs: Any) -> Any:
                with fresh():
                    return await function(*args, **kwargs)

            return recorded_coroutine  # type: ignore[return-value]  # the same, but recorded

        @functools.wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            with fresh():
                return function(*args, **kwargs)

        return recorded  # type: ignore[return-value]  # the same, but recorded

    def use(
        self, what: str | os.PathLike[str], role: str = "", *, kind: str = "", version: str = "",
        attributes: Mapping[str, Any] | None = None,
    ) -> Declared:  # fmt: skip
        """Declare that the run uses a file, or what a URI names in this ``version``.

        ``attributes`` say what it is in the words of its field, such as where it was measured.
        """
        said = _named_values("attributes", attributes or {})
        return declare(self._recording(), self._inner(), "use", what, role, kind, version, said)

    def produce(
        self, what: str | os.PathLike[str], kind: str = "", role: str = "", *, version: str = "",
        attributes: Mapping[str, Any] | None = None,
    ) -> Declared:  # fmt: skip
        """Declare that the run made a file, which must be there, or what a URI names.

        ``attributes`` are those of `use`.
        """
        said = _named_values("attributes", attributes or {})
        return declare(self._recording(), self._inner(), "produce", what, role, kind, version, said)

    def log_param(self, key: str, value: Any) -> None:
        """Record one parameter."""
        self.log_params({key: value})

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters; values keep their type."""
        values = _named_values("params", params)
        session = self._recording()
        if session is not None and values:
            session.recorder.record(ParamsLogged(self._uid, values, wall_ns()))

    def log_metric(self, key: str, value: float, step: int | None = None) -> None:
        """Record one point of a metric; without ``step`` each point is one step on."""
        if not self._uid:
            self._recording()
        steps = self._steps
        if type(key) is not str or type(value) is not float or type(step) not in (int, _Nothing):
            key, value, step = _metric_name(key), _number(key, value), _step(step)
        if step is None:
            step = steps.get(key, -1) + 1
        elif not _LOWEST <= step <= _HIGHEST:
            _step(step)
        steps[key] = step
        session = self._session
        if session is not None:
            session.recorder.record(MetricLogged(self._uid, key, value, step, wall_ns()))

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Record one point each of several metrics, all at the same step."""
        if not isinstance(metrics, Mapping):
            raise UsageError(f"metrics must be a mapping of names to numbers; it is {metrics!r}")
        values = {_metric_name(key): _number(key, value) for key, value in metrics.items()}
        session, at = self._recording(), _step(step)
        if at is None:
            at = max((self._steps.get(key, -1) for key in values), default=-1) + 1
        self._steps.update(dict.fromkeys(values, at))
        if session is not None and values:
            session.recorder.record(MetricsLogged(self._uid, values, at, wall_ns()))

    def set_tag(self, key: str, value: Any) -> None:
        """Set one tag; the latest value of a key stands."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags."""
        values = _named_values("tags", tags)
        session = self._recording()
        if session is not None and values:
            session.recorder.record(TagsSet(self._uid, values, wall_ns()))

    def stage(self, name: str) -> Activity:
        """A stage of the run, to be used in a ``with`` statement; one of ``kind.STAGES``."""
        if name not in kinds.STAGES:
            raise UsageError(
                f"There is no stage {name!r}; the stages are {', '.join(kinds.STAGES)}"
            )
        return Activity(self._recording(), kinds.STAGE, name)

    def section(self, name: str, number: int | None = None) -> Activity:
        """A section (an epoch, a batch) of what is at work in the run; sections nest."""
        if not isinstance(name, str) or not name:
            raise UsageError(f"A section needs a name, like 'epoch'; it is {name!r}")
        if number is None:
            return Activity(self._recording(), kinds.SECTION, name)
        at = _step(number)
        return Activity(self._recording(), kinds.SECTION, f"{name} {at}", section=name, number=at)

    def _recording(self) -> Session | None:
        if not self._uid:
            raise UsageError("The run has not begun; use: with whence.run(...) as run:")
        return self._session

    def _inner(self) -> bytes:
        """The innermost activity at work here; the run itself in a thread of its own."""
        session = self._session
        inner = session.activity() if session is not None else b""
        return self._uid if session is None or inner == session.process else inner


def run(
    name: str | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    experiment: str | None = None,
    store: str | os.PathLike[str] | None = None,
    observe: bool = False,
) -> Run:
    """A run, to be used in a ``with`` statement or as a decorator.

    ``experiment`` groups runs. ``store`` is where to record, if not the ``.whence`` here or above.
    ``observe`` watches, in a program that was not started by ``whence run``, the files that Python
    code opens while the run is at work; without it only what is declared is recorded.

    Raises UsageError for wrong arguments.
    """
    for what, text in (("name", name), ("experiment", experiment)):
        if text is not None and (not isinstance(text, str) or not text):
            hint = "; write @whence.run() to decorate a function" if callable(text) else ""
            raise UsageError(f"The {what} of a run is a text; it is {text!r}{hint}")
    if not isinstance(observe, bool):
        raise UsageError(f"observe is True or False; it is {observe!r}")
    folder = None if store is None else os.fspath(store)
    for what, given in (("params", params), ("tags", tags)):
        _named_values(what, given or {})
    return Run(name, dict(params or {}), dict(tags or {}), experiment, folder, observe)


_Nothing = type(None)
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1


def _named_values(what: str, values: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise UsageError(f"{what} must be a mapping of names to values; it is {values!r}")
    for key in values:
        if not isinstance(key, str) or not key:
            raise UsageError(f"A name among {what} must be a text; it is {key!r}")
    return {plain(key): typed(value) for key, value in values.items()}


def _metric_name(key: Any) -> str:
    if not isinstance(key, str) or not key:
        raise UsageError(f"The name of a metric must be a text; it is {key!r}")
    return plain(key)


def _number(key: Any, value: Any) -> float:
    if isinstance(value, str | bytes):
        raise UsageError(f"Metric {key!r} must be a number; it is {value!r}")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"Metric {key!r} must be a number; it is {value!r}") from error


def _step(step: Any) -> int | None:
    if step is None:
        return None
    try:
        at = index(step)
    except TypeError as error:
        raise UsageError(f"A step must be a whole number; it is {step!r}") from error
    if not _LOWEST <= at <= _HIGHEST:
        raise UsageError(f"A step must fit into 64 bits; it is {at}")
    return at
