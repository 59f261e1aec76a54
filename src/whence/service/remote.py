"""Asking a project of a server: the same questions, answered over HTTP by the same structs.

What needs the store itself (SQL, SPARQL, exports, files on disk) is refused, and says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode

import msgspec

from whence._base.errors import (
    AmbiguousError,
    FilterError,
    NotKnownError,
    RefusedError,
    TookTooLongError,
    UsageError,
    WhenceError,
)
from whence._base.ids import format_id
from whence.journal.remote import Remote
from whence.journal.ship_wire import Wire
from whence.query.answer import Answer, AnswerNode, Completeness, Truncation
from whence.service.disk import LocalDisk
from whence.service.paging import RunPage
from whence.service.questions import Questions
from whence.service.reply import (
    ColumnImpact,
    ColumnTrace,
    ColumnUses,
    Diff,
    Flow,
    Lineage,
    Runs,
    Sheet,
    Why,
)
from whence.service.status import StoreStatus
from whence.service.subject import Thing

T = TypeVar("T")

PAGE = 1000
_OWN: dict[str, type[WhenceError]] = {
    error.code: error
    for error in (AmbiguousError, FilterError, NotKnownError, TookTooLongError, UsageError)
}
"""Problems of a question, which are told as if the store were here."""


@contextmanager
def remote_questions(url: str, cwd: bytes) -> Iterator[RemoteQuestions]:
    """The project at ``url``, ready to be asked. Raises ServerError when it is."""
    wire = Wire(Remote(url))
    try:
        yield RemoteQuestions(wire, cwd)
    finally:
        wire.close()


class RemoteQuestions(Questions):
    """A project of a server, asked from the folder ``cwd`` of this machine.

    A thing that is a file here is asked for by its whole path, then by the path as it was given,
    then by the digest of its bytes.
    """

    def __init__(self, wire: Wire, cwd: bytes) -> None:
        self._wire, self.cwd, self.progress = wire, cwd, None

    def __getattr__(self, name: str) -> NoReturn:
        if name in ("store", "folder", "disk", "_subjects"):
            raise UsageError(
                f"{self._wire.remote.url} can't be asked that over the network. "
                "Name a store on this machine: --store PATH"
            )
        raise AttributeError(name)

    def trace(self, thing: Thing, *, columns: bool = False, **options: Any) -> Lineage:
        kind = ColumnTrace if columns else Lineage
        more = _options(options) | ({"columns": "true"} if columns else {})
        return self._of(thing, lambda one: self._asked("/trace", kind, thing=one, **more))

    def impact(self, thing: Thing, **options: Any) -> Lineage:
        more = _options(options)

        def asked(one: str) -> Lineage:
            answer = self._answer("/impact", {"thing": one} | more)
            is_of_column = "column" in msgspec.json.decode(answer, type=_Asked).query
            return msgspec.json.decode(answer, type=ColumnImpact if is_of_column else Lineage)

        return self._of(thing, asked)

    def why(self, source: Thing, target: Thing) -> Why:
        return self._of_two(
            source, target, lambda a, b: self._asked("/why", Why, source=a, target=b)
        )

    def show(self, thing: Thing) -> Sheet:
        return self._of(thing, lambda one: self._asked("/show", Sheet, thing=one))

    def diff(self, left: Thing, right: Thing) -> Diff:
        return self._of_two(left, right, lambda a, b: self._asked("/diff", Diff, left=a, right=b))

    def flow(self, thing: Thing) -> Flow:
        return self._of(thing, lambda one: self._asked("/flow", Flow, thing=one))

    def columns(self, thing: Thing) -> ColumnUses:
        return self._of(thing, lambda one: self._asked("/columns", ColumnUses, thing=one))

    def search(self, text: str, limit: int = 20) -> Answer:
        return self._asked("/search", Answer, text=text, limit=str(limit))

    def status(self) -> StoreStatus:
        return self._asked("/status", StoreStatus)

    def runs(
        self,
        filter: str | None = None,
        order_by: str | Sequence[str] | None = None,
        limit: int | None = None,
        fields: Sequence[str] = (),
        whole: bool = True,
    ) -> Runs:
        wanted = order_by if isinstance(order_by, str) else ", ".join(order_by or ())
        given = {"filter": filter, "order_by": wanted or None}
        found, more = self._pages({k: v for k, v in given.items() if v is not None}, limit)
        gaps = self.status().completeness.gaps
        truncated = [Truncation("limit", limit or 0, [])] if more else []
        return Runs(
            {"question": "runs", **given, "limit": limit},
            [_shown(node, fields, whole) for node in found],
            [],
            Completeness(not gaps and not truncated, truncated, gaps),
        )

    def _pages(self, given: dict[str, str], limit: int | None) -> tuple[list[AnswerNode], bool]:
        found: list[AnswerNode] = []
        while True:
            size = PAGE if limit is None else min(PAGE, limit - len(found))
            page = self._asked("/runs", RunPage, **given, limit=str(size))
            found += page.items
            if page.next is None or (limit is not None and len(found) >= limit):
                return found, page.next is not None
            given = given | {"cursor": page.next}

    def _of(self, thing: Thing, ask: Callable[[str], T]) -> T:
        """The answer to the first name of ``thing`` that the server knows."""
        unknown: NotKnownError | None = None
        for name in self._names(os.fsdecode(thing)):
            try:
                return ask(name)
            except NotKnownError as error:
                unknown = unknown or error
        assert unknown is not None
        raise unknown

    def _of_two(self, first: Thing, second: Thing, ask: Callable[[str, str], T]) -> T:
        return self._of(first, lambda one: self._of(second, lambda other: ask(one, other)))

    def _names(self, thing: str) -> Iterator[str]:
        file, colon, column = (thing, "", "") if self._is_here(thing) else thing.rpartition(":")
        place = os.path.join(os.fsdecode(self.cwd), file)
        if file and self._is_here(file):
            yield os.path.abspath(place) + colon + column
        yield thing
        if file and not colon and os.path.isfile(place):
            digest = LocalDisk().digest(os.fsencode(place))
            if digest is not None:
                yield format_id(digest)

    def _is_here(self, thing: str) -> bool:
        return os.path.lexists(os.path.join(os.fsdecode(self.cwd), thing))

    def _asked(self, path: str, kind: type[T], **query: str) -> T:
        try:
            return msgspec.json.decode(self._answer(path, query), type=kind)
        except msgspec.MsgspecError as error:
            raise RefusedError(
                f"{self._wire.remote.url} answers in a form that does not read here: {error}"
            ) from error

    def _answer(self, path: str, query: dict[str, str]) -> bytes:
        try:
            return self._wire.call("GET", f"{path}?{urlencode(query)}" if query else path)[1]
        except RefusedError as error:
            own = _OWN.get(error.problem)
            if own is None:
                raise
            raise own(error.detail) from error


class _Asked(msgspec.Struct):
    query: dict[str, Any]


def _options(options: dict[str, Any]) -> dict[str, str]:
    """The options of a closure as query parameters; those that are not set are left out."""
    names = {"max_depth": "depth", "max_nodes": "limit", "all_versions": "all_versions"}
    return {
        names[key]: "true" if value is True else str(value)
        for key, value in options.items()
        if value
    }


def _shown(node: AnswerNode, fields: Sequence[str], whole: bool) -> AnswerNode:
    """A run as `Questions.runs` gives it: with the values of ``fields``, all if ``whole``."""
    attributes = dict(node.attributes)
    if fields:
        attributes["fields"] = _fields(attributes, fields)
    if not whole:
        for key in ("params", "metrics", "tags"):
            attributes.pop(key, None)
    return msgspec.structs.replace(node, attributes=attributes)


def _fields(attributes: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    from whence.query.filter import parse_orders

    values = {}
    for name in fields:
        (order,) = parse_orders(name)
        is_apart = order.field.space in ("params", "metrics", "tags")
        source = attributes.get(order.field.space, {}) if is_apart else attributes
        if order.field.key in source:
            values[name] = source[order.field.key]
    return values
