"""The server, its projects, and the state of one."""

from __future__ import annotations

from importlib.metadata import version

import msgspec
from msgspec.structs import replace

from whence._base.errors import StoreError
from whence.server.access.tokens import TokenAccess
from whence.server.operation import Call, NoQuery, Operation
from whence.service.status import StoreStatus


class Server(msgspec.Struct, frozen=True):
    """``auth`` says whether callers have to say who they are; ``oidc`` whether they can by OIDC."""

    version: str
    projects: str
    auth: bool
    oidc: bool = False


class ProjectRow(msgspec.Struct, frozen=True):
    """A project and what the caller may do there; ``problem`` is why its runs can't be counted."""

    name: str
    runs: int
    rights: list[str]
    problem: str | None = None


class ProjectList(msgspec.Struct, frozen=True):
    projects: list[ProjectRow]


def server(call: Call[NoQuery]) -> Server:
    """Which server this is."""
    access = call.request.app.state.access
    by_oidc = isinstance(access, TokenAccess) and access.provider is not None
    return Server(version("whence"), "/api/v1/projects", access.required, by_oidc)


def projects(call: Call[NoQuery]) -> ProjectList:
    """The projects that the caller may read."""
    rows, known = [], call.request.app.state.projects
    for name in known.names():
        rights = [scope for scope in ("read", "write", "admin") if call.principal.may(scope, name)]
        if rights:
            try:
                with known.find(name).questions() as asked:
                    rows.append(ProjectRow(name, asked.store.run_count(), rights))
            except StoreError as error:
                rows.append(ProjectRow(name, 0, rights, str(error)))
    return ProjectList(rows)


def status(call: Call[NoQuery]) -> StoreStatus:
    """What is in a project, and what is missing in it.

    Where a project of a team lies on the server is nothing that its readers need to know.
    """
    with call.project.questions() as asked:
        found = asked.status()
    if not call.project.accepts:
        return found
    return replace(found, store=replace(found.store, path=call.project.name))


OPERATIONS = (
    Operation("GET", "/", server, "Which server this is", answer=Server, scope=""),
    Operation(
        "GET",
        "/projects",
        projects,
        "The projects you may read",
        answer=ProjectList,
        scope="",
        needs_name=True,
    ),
    Operation(
        "GET", "/projects/{project}/status", status, "The state of a project", answer=StoreStatus
    ),
)
