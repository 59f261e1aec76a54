"""Inside a run: which data fed which model, and what each column was for."""

from __future__ import annotations

from whence.server.operation import Call, Operation
from whence.server.route.thing import ThingQuery
from whence.service.reply import ColumnUses, Flow


def flow(call: Call[ThingQuery]) -> Flow:
    """Which data fed which model in a run, or in the run that made a file."""
    with call.questions() as asked:
        return asked.flow(call.query.thing)


def columns(call: Call[ThingQuery]) -> ColumnUses:
    """What each column that a run read was for."""
    with call.questions() as asked:
        return asked.columns(call.query.thing)


OPERATIONS = (
    Operation("GET", "/projects/{project}/flow", flow, "What fed which model", ThingQuery, Flow),
    Operation(
        "GET",
        "/projects/{project}/columns",
        columns,
        "What each column was for",
        ThingQuery,
        ColumnUses,
    ),
)
