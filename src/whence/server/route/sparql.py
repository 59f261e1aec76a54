"""The SPARQL 1.1 Protocol, for queries; the record can't be updated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast
from urllib.parse import parse_qs

import msgspec
from anyio import CapacityLimiter
from starlette.responses import Response

from whence._base.errors import TooLargeError, UsageError
from whence.server.negotiation import preferred
from whence.server.operation import Call, NoQuery, Operation
from whence.server.pieces import Pieces, PiecewiseResponse
from whence.server.problem import problem

if TYPE_CHECKING:
    from whence.standards.sparql.answer import Answer

QUERY, FORM = "application/sparql-query", "application/x-www-form-urlencoded"
XML = "application/sparql-results+xml"
TABLES = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "text/csv": "csv",
    XML: "json",
}
GRAPHS = {"text/turtle": "turtle", "application/n-triples": "ntriples"}
"""The media types of answers, and the format that is asked of the RDF store for each."""
LARGEST_QUERY = 1 << 20
AT_ONCE = 2
"""So many queries run at once, each in a process of its own; a further one waits."""

_FORM = re.compile(r"<[^<>\s]*>|#[^\n]*|\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)

GraphNames = Annotated[
    list[str], msgspec.Meta(description="Not here: name graphs by FROM in the query")
]


class SparqlQuery(msgspec.Struct, frozen=True, rename="kebab"):
    query: Annotated[
        str,
        msgspec.Meta(
            description="SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes prov, provml, whence, "
            "mls, rdf, rdfs and xsd are known",
            examples=["SELECT ?m { ?m a provml:Model }"],
        ),
    ]
    default_graph_uri: GraphNames = []
    named_graph_uri: GraphNames = []


async def sparql(call: Call[SparqlQuery]) -> Response:
    """The answer to a SPARQL query. Each run is a named graph; without FROM all are asked."""
    return _answer(call, call.query)


async def sparql_by_body(call: Call[NoQuery]) -> Response:
    """The answer to a SPARQL query that is sent as the body or in a form."""
    media_type = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (QUERY, FORM):
        return problem(415, "usage", f"Send the query as {QUERY} or {FORM}")
    body = await _body(call)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise UsageError("The query is no text in UTF-8") from error
    if media_type == QUERY:
        return _answer(call, SparqlQuery(text))
    try:
        return _answer(call, msgspec.convert(_unlisted(parse_qs(text)), SparqlQuery))
    except msgspec.ValidationError as error:
        raise UsageError(f"The form is wrong: {error}") from error


def _unlisted(form: dict[str, list[str]]) -> dict[str, object]:
    if "update" in form:
        raise UsageError("The record is read only; ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return {key: values if key.endswith("uri") else values[0] for key, values in form.items()}


async def _body(call: Call[NoQuery]) -> bytes:
    body = bytearray()
    async for piece in call.request.stream():
        body += piece
        if len(body) > LARGEST_QUERY:
            raise TooLargeError(f"A query has at most {LARGEST_QUERY} bytes")
    return bytes(body)


def _answer(call: Call[SparqlQuery] | Call[NoQuery], asked: SparqlQuery) -> Response:
    if asked.default_graph_uri or asked.named_graph_uri:
        raise UsageError("Name the graphs by FROM and FROM NAMED in the query")
    known = GRAPHS if _gives_graph(asked.query) else TABLES
    media_type = preferred(call.request.headers.get("accept", "*/*"), list(known))
    if media_type is None:
        return problem(406, "usage", f"This query is answered as {' or '.join(known)}")
    state, project = call.request.app.state, call.project
    if not hasattr(state, "queries"):
        state.queries = CapacityLimiter(AT_ONCE)

    def write(out: Pieces) -> None:
        from whence.service.sparql import asking

        with (
            project.questions() as questions,
            asking(
                questions, asked.query, format=known[media_type], timeout=state.settings.query_s
            ) as answer,
        ):
            if media_type == XML:
                _write_xml(answer, out)
            else:
                answer.copy_to(cast(BinaryIO, out))

    return PiecewiseResponse(write, media_type, {"Vary": "Accept"}, state.queries)


def _gives_graph(query: str) -> bool:
    """Whether it is a CONSTRUCT or DESCRIBE; a query that is none is told so later."""
    words = (match.group(1) for match in _FORM.finditer(query))
    return next((word.upper() for word in words if word), "") in ("CONSTRUCT", "DESCRIBE")


def _write_xml(answer: Answer, out: Pieces) -> None:
    import pyoxigraph

    answer.file.seek(0)
    formats = pyoxigraph.QueryResultsFormat
    found = pyoxigraph.parse_query_results(answer.file, format=formats.JSON)
    found.serialize(cast(BinaryIO, out), format=formats.XML)


ANSWERS = tuple(dict.fromkeys((*TABLES, *GRAPHS)))
OPERATIONS = (
    Operation(
        "GET", "/projects/{project}/sparql", sparql, "Ask in SPARQL", SparqlQuery, gives=ANSWERS,
        timed=False,
    ),
    Operation(
        "POST", "/projects/{project}/sparql", sparql_by_body, "Ask in SPARQL, by a body",
        takes=(QUERY, FORM), gives=ANSWERS, timed=False,
    ),
)  # fmt: skip
