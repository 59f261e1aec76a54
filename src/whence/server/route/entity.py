"""Entities: files, models, datasets and what else runs used and made."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence.server.operation import Call, Operation
from whence.server.parameter import Cursor, Limit
from whence.service.entities import EntityPage, entity_page


class EntitiesQuery(msgspec.Struct, frozen=True):
    kind: Annotated[
        Annotated[str, msgspec.Meta(max_length=256)] | None,
        msgspec.Meta(
            description="Only of that kind: `model`, `dataset`, `file` ...", examples=["model"]
        ),
    ] = None
    limit: Limit = 50
    cursor: Cursor = None


def entities(call: Call[EntitiesQuery]) -> EntityPage:
    """A page of entities, those that were first recorded last at the top."""
    query = call.query
    with call.questions() as asked:
        return entity_page(asked.store, query.kind, query.limit, query.cursor)


OPERATIONS = (
    Operation(
        "GET", "/projects/{project}/entities", entities, "List entities", EntitiesQuery, EntityPage
    ),
)
