"""``whence project``: the projects of a server."""

from __future__ import annotations

import click

from whence.cli.home import access_of, home_of, home_option, local_principal
from whence.cli.settings import json_option


@click.group(
    "project", epilog="\b\nExamples:\n  whence project create churn\n  whence project list\n"
)
def command() -> None:
    """Make and list the projects of a server: each a store of its own, apart from all others."""


@command.command("create", epilog="\b\nExample:\n  whence project create churn\n")
@click.argument("name")
@home_option
def create(name: str, home: str | None) -> int:
    """Make a project, if it is not there."""
    from whence.server.access.making import make_project
    from whence.server.project import HomeProjects

    with access_of(home, make=True) as access:
        make_project(HomeProjects(access.home), access, local_principal(), name)
    click.echo(f"Project: {name}")
    return 0


@command.command("list", epilog="\b\nExample:\n  whence project list --json\n")
@json_option
@home_option
def list_(as_json: bool, home: str | None) -> int:
    """List the projects by name."""
    from whence.cli.output import write_json
    from whence.server.project import HomeProjects

    names = HomeProjects(home_of(home)).names()
    if as_json:
        write_json(names)
    elif names:
        click.echo("\n".join(names))
    return 0
