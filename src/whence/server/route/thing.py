"""One thing: what is known of it, and the six questions."""

from __future__ import annotations

import msgspec

from whence.query.fivew import FiveWOneH, five_w_one_h
from whence.server.operation import Call, Operation
from whence.server.parameter import Thing
from whence.service.reply import Sheet


class ThingQuery(msgspec.Struct, frozen=True):
    thing: Thing


def show(call: Call[ThingQuery]) -> Sheet:
    """What is known of a run, file, digest, model or agent."""
    with call.questions() as asked:
        return asked.show(call.query.thing)


def five_w(call: Call[ThingQuery]) -> FiveWOneH:
    """What, when, why, where, who and how."""
    with call.questions() as asked:
        return five_w_one_h(asked.store, asked.node_of(call.query.thing))


OPERATIONS = (
    Operation(
        "GET", "/projects/{project}/show", show, "What is known of a thing", ThingQuery, Sheet
    ),
    Operation(
        "GET",
        "/projects/{project}/5w1h",
        five_w,
        "What, when, why, where, who and how",
        ThingQuery,
        FiveWOneH,
    ),
)
