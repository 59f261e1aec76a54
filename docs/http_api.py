"""The page of the HTTP API, made from the operations that the server has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whence.server.app import OPERATIONS
from whence.server.openapi import PREFIX, description, document, operation_id
from whence.server.operation import Operation

Table = Callable[[Iterable[str], Iterable[Iterable[object]]], str]

HEAD = """# HTTP API

What `whence server` and `whence ui` answer. The same as an OpenAPI 3.1 document:
`/api/v1/openapi.json`, or `python -m whence.server.openapi`. Answers are the JSON that the commands
print with `--json`.

A caller shows a token: `Authorization: Bearer wh_...`; where the server listens on its own machine
alone, none is needed. A wrong question is answered by problem details
([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with a stable `code`, see
[Errors](errors.md). Too many calls give 429 with `Retry-After`. A request with the cookie of a
session that writes needs the header `X-Whence: 1`.

Besides: `/health` answers 200 when the index of every project does, else 503; `/metrics` has the
figures for Prometheus.
"""


def http_api_page(table: Table) -> str:
    """The page; ``table`` makes one in Markdown."""
    paths = document(OPERATIONS)["paths"]
    parts, heading = [HEAD], ""
    for one in OPERATIONS:
        told = paths[PREFIX + one.path][one.method.lower()]
        if told["tags"][0] != heading:
            heading = told["tags"][0]
            parts.append(f"## {heading}\n")
        parts.append("\n\n".join(_operation(one, told, table)) + "\n")
    return "\n".join(parts)


def _operation(one: Operation, told: dict[str, Any], table: Table) -> Iterator[str]:
    yield f"### {one.summary}"
    yield f"`{one.method} {PREFIX}{one.path}` (`{operation_id(one)}`)"
    yield description(one)
    rows = [
        (f"`{each['name']}`", "yes" if each["required"] else "", each["description"],
         _bounds(each["schema"]))
        for each in told.get("parameters", ())
        if each["in"] == "query"
    ]  # fmt: skip
    if rows:
        yield table(("parameter", "needed", "meaning", "type"), rows)
    takes = told.get("requestBody", {}).get("content", {})
    if takes:
        yield "Takes " + _types(takes) + "."
    gives = next(iter(told["responses"].values())).get("content", {})
    if gives:
        yield "Gives " + _types(gives) + "."


def _bounds(schema: dict[str, Any]) -> str:
    several = schema.get("items", {})
    said = f"{several.get('type', '')}, several" if several else str(schema.get("type", ""))
    words = {"minimum": "from", "maximum": "to", "default": "default"}
    bounds = [f"{word} {schema[key]}" for key, word in words.items() if schema.get(key) is not None]
    return ", ".join([said, *bounds])


def _types(content: dict[str, Any]) -> str:
    return ", ".join(
        f"`{media_type}`" + _named(body.get("schema", {})) for media_type, body in content.items()
    )


def _named(schema: dict[str, Any]) -> str:
    names = [
        one["$ref"].rpartition("/")[2] for one in schema.get("anyOf", [schema]) if "$ref" in one
    ]
    return f" ({' or '.join(names)})" if names else ""
