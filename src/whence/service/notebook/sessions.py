"""The kernel sessions of a notebook that a store has."""

from __future__ import annotations

import os
from collections import Counter

from whence._base.errors import NotKnownError
from whence._base.ids import format_id, parse_id
from whence.model.relation import Relation
from whence.query.describe import iso, true_status
from whence.query.plain import clean
from whence.service.notebook import versions
from whence.service.notebook.view import Session
from whence.store.protocol import Node, Store

_HAS_PART = int(Relation.HAS_PART)

KERNEL = "kernel"
"""What the attribute ``session`` of a kernel's session says."""


def sessions_of(store: Store, notebook: str) -> list[Session]:
    """The sessions that ran the notebook at that absolute path, newest first."""
    nodes = session_nodes(store, notebook)
    # The parts of a session are its cells; to look at each would take long.
    parts = store.linked([node.number for node in nodes], _HAS_PART, "up")
    counts = Counter(session for session, _ in parts)
    return [session_told(store, node, counts[node.number]) for node in nodes]


def session_nodes(store: Store, notebook: str) -> list[Node]:
    """The same as nodes of the store."""
    places = dict.fromkeys(os.fsencode(one) for one in (notebook, os.path.realpath(notebook)))
    return versions.sessions_of(store, list(places))


def session_node(store: Store, id: str) -> Node:
    """The session with that id. Raises NotKnownError."""
    uid = parse_id(id)
    number = None if uid is None else store.number_of(uid)
    nodes = [] if number is None else store.nodes([number])
    if not nodes or store.attributes(nodes[0].number).get("session") != KERNEL:
        raise NotKnownError(f"No session of a notebook is recorded under the id {clean(id)[:80]!r}")
    return nodes[0]


def session_told(store: Store, node: Node, executions: int) -> Session:
    """The session as the panel is told of it."""
    told = store.attributes(node.number)
    return Session(
        id=format_id(node.uid),
        name=clean(node.name),
        notebook=clean(str(told.get("notebook", ""))),
        status=true_status(store, node),
        started_at=iso(node.started_at),
        ended_at=iso(node.ended_at),
        executions=executions,
        kernel=clean(str(told.get("kernel", ""))),
    )
