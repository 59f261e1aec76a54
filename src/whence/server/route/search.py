"""Things found by a text."""

from __future__ import annotations

from typing import Annotated

import msgspec

from whence.query.answer import Answer
from whence.server.operation import Call, Operation
from whence.server.parameter import Limit


class SearchQuery(msgspec.Struct, frozen=True):
    text: Annotated[
        str,
        msgspec.Meta(
            description="Words in names, parameters, tags and attributes", max_length=1024
        ),
    ]
    limit: Limit = 20


def search(call: Call[SearchQuery]) -> Answer:
    """Things with the text in their names, parameters, tags or attributes, best first."""
    with call.questions() as asked:
        return asked.search(call.query.text, call.query.limit)


OPERATIONS = (
    Operation(
        "GET",
        "/projects/{project}/search",
        search,
        "Find things by a text",
        SearchQuery,
        Answer,
    ),
)
