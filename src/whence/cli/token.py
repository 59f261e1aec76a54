"""``whence token``: who may ask a server, and send to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.home import access_of, home_option, local_principal
from whence.cli.settings import json_option

if TYPE_CHECKING:
    from whence.query.outline.line import Line
    from whence.server.access.register import TokenRow


@click.group(
    "token",
    epilog="""\b
Examples:
  whence token create ci --project churn --scope write
  whence token list
  whence token revoke 3xK9bQ2mZpL
""",
)
def command() -> None:
    """Make, list and revoke the tokens of a server.

    A token holds for one project, or for all as '*', and allows to read; to write, which holds
    reading; or to administrate, which holds both. A server that runs heeds a change in seconds.
    """


@command.command(
    "create",
    epilog="""\b
Examples:
  whence token create ci --project churn --scope write --expires 90d
  whence token create admin --project '*' --scope admin
""",
)
@click.argument("name")
@click.option(
    "--project", required=True, metavar="PROJECT",
    help="The project it holds for, made if it is not there; '*' for all.",
)  # fmt: skip
@click.option(
    "--scope", type=click.Choice(["read", "write", "admin"]), default="read", show_default=True,
    help="What it allows there.",
)  # fmt: skip
@click.option(
    "--expires", metavar="SPAN", help="When it ends, such as 90d or 12h; never if absent."
)
@home_option
def create(name: str, project: str, scope: str, expires: str | None, home: str | None) -> int:
    """Make a token and print it, this once: only a hash of it is kept."""
    from whence._base.clock import wall_ns
    from whence.server.access.making import make_project
    from whence.server.access.principal import EVERY
    from whence.server.access.span import span_ns
    from whence.server.project import HomeProjects

    expires_at = None if expires is None else wall_ns() + span_ns(expires)
    with access_of(home, make=True) as access:
        if project != EVERY:
            make_project(HomeProjects(access.home), access, local_principal(), project)
        _, text = access.register.create(name, project, scope, expires_at, local_principal())
    click.echo(text)
    return 0


@command.command("list", epilog="\b\nExample:\n  whence token list --json\n")
@json_option
@home_option
def list_(as_json: bool, home: str | None) -> int:
    """List the tokens, oldest first, without their texts."""
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.line import Piece
    from whence.server.access.info import TokenList, info

    with access_of(home) as access:
        rows = access.register.rows()
    if as_json:
        write_json(TokenList([info(row) for row in rows]))
    elif rows:
        write_lines(map(_line, rows))
    else:
        write_lines([(Piece("No tokens. Make one: whence token create NAME --project PROJECT"),)])
    return 0


@command.command("revoke", epilog="\b\nExample:\n  whence token revoke 3xK9bQ2mZpL\n")
@click.argument("token_id", metavar="ID")
@home_option
def revoke(token_id: str, home: str | None) -> int:
    """Have a token open nothing any more; ID is the part between its underscores."""
    from whence.query.spelling import escaped

    with access_of(home) as access:
        row = access.register.revoke(token_id, local_principal())
    click.echo(f"Revoked: {row.id}  {escaped(row.name)}")
    return 0


def _line(row: TokenRow) -> Line:
    from whence._base.clock import from_ns, wall_ns
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    def day(at: int) -> str:
        return from_ns(at).strftime("%Y-%m-%d %H:%M")

    if row.revoked_at is not None:
        state = Piece(f"revoked {day(row.revoked_at)}", "bad")
    elif not row.is_live(wall_ns()):
        state = Piece(f"expired {day(row.expires_at or 0)}", "bad")
    else:
        state = Piece(f"until {day(row.expires_at)}" if row.expires_at else "valid", "good")
    used = f"used {day(row.last_used_at)}" if row.last_used_at else "never used"
    return (
        Piece(row.id, "strong"), Piece(f"  {row.scope:5}  {escaped(row.project)}  "),
        Piece(f"{escaped(row.name)}  "), state, Piece(f"  {used}", "dim"),
    )  # fmt: skip
