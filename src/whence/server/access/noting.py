"""What the gate has the trail say: what is about to be done, and who was refused."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from starlette.requests import Request

from whence._base.errors import NotAuditedError
from whence.server.access.principal import NOBODY, Access, Principal
from whence.server.operation import Call, Operation
from whence.server.project import NAME

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WORDS = re.compile(r"[_\W]+")


def noted(operation: Operation, call: Call[Any]) -> None:
    """Have the trail say what is about to be done. Raises NotAuditedError, for writes alone."""
    action = action_of(operation)
    if not action:
        return
    access: Access = call.request.app.state.access
    project = call.request.path_params.get("project")
    try:
        if operation.summed:
            access.count(call.principal, action, project, "")
        else:
            access.record(call.principal, action, project, _subject(call))
    except NotAuditedError:
        if operation.method not in READING:
            raise


def note_refusal(operation: Operation, request: Request, who: Principal | None) -> None:
    """Have the trail count one who was refused; ``who`` is None where that is not known.

    A project is only named where the caller is known, so that nobody fills the trail with names.
    """
    project = request.path_params.get("project")
    is_named = who is not None and NAME.fullmatch(project or "") is not None
    access: Access = request.app.state.access
    with suppress(NotAuditedError):  # refused is refused
        access.count(
            who or stranger(request), "refused", project if is_named else None,
            f"{operation.method} {operation.path}",
        )  # fmt: skip


def action_of(operation: Operation) -> str:
    """What the trail calls this; empty where it holds no line, or the operation adds its own."""
    if operation.action is not None:
        return operation.action
    if operation.path.endswith("/export"):
        return "export"
    if operation.method in READING or operation.scope not in ("write", "admin"):
        return ""
    return _WORDS.sub(" ", getattr(operation.handle, "__name__", "write")).strip()


def stranger(request: Request) -> Principal:
    """A caller who is not known: by the address, of which a host of IPv6 has very many."""
    host = request.client.host if request.client else ""
    with suppress(ValueError):
        if isinstance(ip_address(host), IPv6Address):
            host = str(ip_network(f"{host.partition('%')[0]}/64", strict=False))
    return Principal(NOBODY.name, (), f"at {host}") if host else NOBODY


def _subject(call: Call[Any]) -> str:
    """What it is done to: the rest of the path, and the thing that is exported."""
    parts = [*call.path.values(), str(getattr(call.query, "thing", None) or "")]
    return " ".join(part for part in parts if part)
