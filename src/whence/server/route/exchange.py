"""Records in public standards: exports, and checks against the rules of PROV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import msgspec
from anyio import CapacityLimiter
from starlette.responses import Response

from whence._base.errors import UsageError
from whence.server.operation import Call, NoQuery, Operation
from whence.server.parameter import Thing
from whence.server.pieces import Pieces, PiecewiseResponse

if TYPE_CHECKING:
    from whence.service.checking import Checked

AT_ONCE = 4
"""So many exports run at once; a further one waits."""


class ExportQuery(msgspec.Struct, frozen=True):
    format: Annotated[str, msgspec.Meta(description="The name of a format; see `formats`")] = (
        "prov-jsonld"
    )
    thing: Thing | None = None
    with_upstream: Annotated[
        bool, msgspec.Meta(description="With all that lies upstream of the thing")
    ] = False


class CheckQuery(msgspec.Struct, frozen=True):
    thing: Thing | None = None


class FormatRow(msgspec.Struct, frozen=True):
    name: str
    media_type: str
    suffix: str
    title: str


def export(call: Call[ExportQuery]) -> Response:
    """A thing, or the whole project, as a document of a public standard, sent as it is written."""
    from whence.standards.format import named

    query, project = call.query, call.project
    chosen = named(query.format)
    if not chosen.writes:
        raise UsageError(f"{chosen.title} is read only; nothing can be written in it")
    with call.questions() as asked:
        if query.thing is not None:
            asked.node_of(query.thing)  # so that a thing that is not known is told as such

    def write(out: Pieces) -> None:
        from whence.service.exchange import Exchange

        with project.questions() as asked:
            Exchange(asked).export(
                cast(BinaryIO, out), query.thing, query.format, with_upstream=query.with_upstream
            )

    name = _file_name(query.thing or project.name) + chosen.suffixes[0]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PiecewiseResponse(write, chosen.media_type, headers, _limiter(call))


def formats(call: Call[NoQuery]) -> list[FormatRow]:
    """The formats that exports can have."""
    from whence.standards.format import every

    return [
        FormatRow(one.name, one.media_type, one.suffixes[0], one.title)
        for one in every()
        if one.writes
    ]


def check(call: Call[CheckQuery]) -> Checked:
    """A thing with what is upstream of it, or all, against PROV-CONSTRAINTS and the lints."""
    from whence.service.checking import check_records

    with call.questions() as asked:
        return check_records(asked, call.query.thing)


def _limiter(call: Call[Any]) -> CapacityLimiter:
    state = call.request.app.state
    if not hasattr(state, "exports"):
        state.exports = CapacityLimiter(AT_ONCE)
    limiter: CapacityLimiter = state.exports
    return limiter


def _file_name(thing: str) -> str:
    """A name that every file system takes."""
    last = thing.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip(".-")[:100] or "export"


OPERATIONS = (
    Operation(
        "GET",
        "/projects/{project}/export",
        export,
        "Export in a public standard's format",
        ExportQuery,
        gives=("*/*",),
        timed=False,
    ),
    Operation(
        "GET",
        "/projects/{project}/formats",
        formats,
        "The formats of exports",
        answer=list[FormatRow],
    ),
    Operation(
        "GET",
        "/projects/{project}/check",
        check,
        "Check against the rules of PROV",
        CheckQuery,
        "whence.service.checking:Checked",
    ),
)
