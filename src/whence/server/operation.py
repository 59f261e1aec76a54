"""An operation of the HTTP API: what is asked, what is answered, and who may ask.

Routes, the OpenAPI document and the checks of rights are all made from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import msgspec
from starlette.requests import Request

from whence._base.errors import UsageError
from whence.server.access.principal import Principal
from whence.server.project import Project
from whence.service.questions import Questions

Scope = Literal["", "read", "write", "admin"]
"""What a caller needs on the project, or on any where the path names none; empty: nothing."""

Query = TypeVar("Query")


class NoQuery(msgspec.Struct, frozen=True):
    """An operation without query parameters."""


@dataclass(frozen=True)
class Call(Generic[Query]):
    """One call of an operation: who calls, on which project, with what."""

    request: Request
    principal: Principal
    query: Query
    path: dict[str, str]
    asked_project: Project | None = None

    @property
    def project(self) -> Project:
        """The project that the path names; only for operations below ``/projects/{project}``."""
        assert self.asked_project is not None
        return self.asked_project

    def questions(self) -> AbstractContextManager[Questions]:
        """The project, ready to be asked, by one thread, until the call's time is up."""
        return self.project.questions()


@dataclass(frozen=True)
class Operation:
    """``handle`` takes a `Call`; a plain function runs in a thread, a coroutine in the loop.

    What it gives is ``answer`` (one of these where it is a tuple), which becomes JSON, or a
    response of its own. A type may be named as a text, ``module:name``, to be loaded on use.
    ``body`` is what it takes as JSON.
    ``takes`` and ``gives`` name media types other than JSON. ``timed`` says that the time limit
    of questions holds for it, ``needs_name`` that callers without a ``scope`` have to be somebody.
    ``action`` is what the audit trail calls it: made from ``handle`` where it writes, empty where
    ``handle`` adds a line of its own; where ``summed``, the calls of a minute are one line.
    The document of the API has ``handle``'s docstring as description.
    """

    method: str
    path: str
    handle: Callable[[Call[Any]], Any]
    summary: str
    query: type[Any] = NoQuery
    answer: Any = None
    scope: Scope = "read"
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ("application/json",)
    tags: tuple[str, ...] = field(default=())
    body: Any = None
    action: str | None = None
    summed: bool = False
    timed: bool = True
    needs_name: bool = False

    @property
    def tag(self) -> str:
        """Under which heading it stands: as given, else the module's name."""
        return self.tags[0] if self.tags else self.handle.__module__.rpartition(".")[2]


def decoded_query(request: Request, kind: type[Query]) -> Query:
    """The query parameters as ``kind``, numbers and truths read from their texts.

    Raises UsageError, which names the parameter.
    """
    fields = {one.encode_name: one for one in msgspec.structs.fields(kind)}  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    for key in request.query_params:
        if key not in fields:
            known = ", ".join(fields) or "none"
            raise UsageError(f"There is no query parameter {key!r} here. Known are: {known}")
        several = request.query_params.getlist(key)
        is_list = "list[" in str(fields[key].type)
        if len(several) > 1 and not is_list:
            raise UsageError(
                f"The query parameter {key!r} is given {len(several)} times; once is right"
            )
        given[key] = several if is_list else several[0]
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"The query parameters are wrong: {error}") from error
