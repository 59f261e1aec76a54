"""The OpenAPI document of the HTTP API, made from its operations.

``python -m whence.server.openapi`` prints it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from inspect import getdoc
from typing import Any

import msgspec

from whence.server.operation import NoQuery, Operation
from whence.server.problem import MEDIA_TYPE, Problem

TEMPLATE = "#/components/schemas/{name}"
PREFIX = "/api/v1"
JSON = "application/json"
DESCRIPTION = """The record of a store: runs, metrics, comparisons and lineage.

A caller shows a token: `Authorization: Bearer wh_...`. Where the server listens on its own machine
alone, none is needed. Errors are problem details (RFC 9457), whose `code` is stable.
"""
IN_PATH = {
    "project": "The name of a project",
    "id": "A run, by its id, the unique start of it, or its name",
    "run": "The id of a run",
    "segment": "The id of a segment",
    "sha256": "A SHA-256 digest, as 64 digits",
    "token": "The id of a token",
}
IN_QUERY = {
    "project": "Only of that project",
    "since": "Only from that time on, in ISO 8601",
    "cursor": "Where to go on: the `next` of the page before",
    "limit": "How many at most",
    "masked": "The digest of what is sent, where secrets in it are masked",
}
"""Parameters whose types say no more than their names."""
TAGS = {
    "status": "The server and its projects",
    "run": "Runs",
    "metric": "Metrics",
    "entity": "Entities",
    "thing": "Things",
    "lineage": "Lineage",
    "compare": "Comparison",
    "flow": "Data flow",
    "search": "Search",
    "exchange": "Standards",
    "sparql": "SPARQL",
    "event": "Changes",
    "ingest": "Ingest",
    "access": "Access",
}


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _operation(one, schemas)
    tags = dict.fromkeys(_tag(one) for one in operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Whence", "version": version("whence"), "description": DESCRIPTION,
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "responses": {"problem": _problem(schemas)},
        },
    }  # fmt: skip


def operation_id(operation: Operation) -> str:
    """The name of an operation for programs: of ``sign_in`` it is ``signIn``."""
    first, *rest = operation.handle.__name__.split("_")
    return first + "".join(word.capitalize() for word in rest)


def parameters(operation: Operation, schemas: _Schemas) -> Iterator[dict[str, Any]]:
    """The parameters of an operation: of its path, then of its query."""
    for name in re.findall(r"\{(\w+)\}", operation.path):
        yield {
            "name": name, "in": "path", "required": True, "description": IN_PATH.get(name, name),
            "schema": {"type": "string"},
        }  # fmt: skip
    if operation.query is NoQuery:
        return
    shape = schemas.of_query(operation.query)
    for name, schema in shape["properties"].items():
        schema = _without_null(schema)
        found = {"name": name, "in": "query", "required": name in shape.get("required", ())}
        found["description"] = schema.pop("description", None) or IN_QUERY[name]
        yield found | {"schema": schema}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter that may be left out: it is never null."""
    kept = dict(schema)
    if kept.get("default", "") is None:
        del kept["default"]
        (only,) = (one for one in kept.pop("anyOf") if one != {"type": "null"})
        kept = only | kept
    return kept


class _Schemas:
    """The schemas of all that operations take and give; those of queries stand apart."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._answers: dict[int, list[int]] = {}
        self._bodies: dict[int, list[int]] = {}
        types: list[Any] = [Problem]
        for one in operations:
            for kept, kind in ((self._answers, one.answer), (self._bodies, one.body)):
                several = kind if isinstance(kind, tuple) else (kind,) if kind is not None else ()
                kept[id(one)] = list(range(len(types), len(types) + len(several)))
                types += map(_resolved, several)
        self._schemas, self.components = msgspec.json.schema_components(
            types, ref_template=TEMPLATE
        )

    @property
    def problem(self) -> dict[str, Any]:
        return self._schemas[0]

    def answer(self, operation: Operation) -> dict[str, Any]:
        return self._of(self._answers, operation)

    def body(self, operation: Operation) -> dict[str, Any] | None:
        return self._of(self._bodies, operation) or None

    def of_query(self, kind: type[Any]) -> dict[str, Any]:
        """The schema of a query's struct, without what is named apart."""
        _, found = msgspec.json.schema_components([kind], ref_template=TEMPLATE)
        shape: dict[str, Any] = found[kind.__name__]
        return shape

    def _of(self, kept: dict[int, list[int]], operation: Operation) -> dict[str, Any]:
        found = [self._schemas[at] for at in kept[id(operation)]]
        return {"anyOf": found} if len(found) > 1 else found[0] if found else {}


def _operation(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation_id(one),
        "summary": one.summary,
        "description": description(one),
        "tags": [_tag(one)],
    }
    listed = list(parameters(one, schemas))
    if listed:
        found["parameters"] = listed
    body = _body(one, schemas)
    if body:
        found["requestBody"] = {"required": True, "content": body}
    answer = _answer(one, schemas)
    status = "200" if "content" in answer else "2XX"
    found["responses"] = {status: answer, "default": {"$ref": "#/components/responses/problem"}}
    needed = bool(one.scope) or one.needs_name
    found["security"] = [{"bearer": []}, {}] if needed else []
    return found


def description(one: Operation) -> str:
    """What an operation does, in full, and which right it needs."""
    text = (getdoc(one.handle) or "").strip()
    return f"{text}\n\nNeeds the right to {one.scope}." if one.scope else text


def _tag(one: Operation) -> str:
    return TAGS.get(one.tag, one.tag)


def _body(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    body = schemas.body(one)
    content: dict[str, Any] = {} if body is None else {JSON: {"schema": body}}
    return content | {media_type: {} for media_type in one.takes}


def _answer(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    schema = schemas.answer(one)
    has_body = bool(schema) or (bool(one.gives) and one.gives != (JSON,))
    if not has_body or one.method == "HEAD":
        return {"description": "Done"}
    content = {
        media_type: {"schema": schema} if schema and _holds_json(media_type) else {}
        for media_type in one.gives
    }
    return {"description": one.summary, "content": content}


def _holds_json(media_type: str) -> bool:
    return media_type in (JSON, "text/event-stream")


def _problem(schemas: _Schemas) -> dict[str, Any]:
    return {"description": "What went wrong", "content": {MEDIA_TYPE: {"schema": schemas.problem}}}


def _resolved(kind: Any) -> Any:
    """A type that is named as ``module:name``, so that it is loaded only where it is needed."""
    if not isinstance(kind, str):
        return kind
    module, _, name = kind.partition(":")
    return getattr(import_module(module), name)


def text(operations: Sequence[Operation]) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document(operations))


def main() -> None:
    """Print the document."""
    from whence.server.app import OPERATIONS

    sys.stdout.buffer.write(msgspec.json.format(text(OPERATIONS), indent=2) + b"\n")


if __name__ == "__main__":
    main()
