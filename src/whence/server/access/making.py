"""Making a project, with its line in the trail."""

from __future__ import annotations

from whence.server.access.principal import Access, Principal
from whence.server.project import NAME, Projects


def make_project(projects: Projects, access: Access, who: Principal, name: str) -> None:
    """Make the project if it is not there. Raises UsageError for a name that can't be one."""
    if NAME.fullmatch(name) and name not in projects.names():
        access.record(who, "create project", name, "")
    projects.create(name)
