"""``whence audit``: who changed or took out what on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.home import access_of, home_option
from whence.cli.settings import json_option

if TYPE_CHECKING:
    from whence.query.outline.line import Line
    from whence.server.access.trail import TrailRow


@click.command(
    "audit",
    epilog="""\b
Examples:
  whence audit
  whence audit --project churn --since 7d
  whence audit --since 2026-01-31 --json
""",
)
@click.option("--project", metavar="PROJECT", help="Only what was done to this project.")
@click.option("--since", metavar="TIME", help="From then on: 7d for a span ago, or a date or time.")
@json_option
@home_option
def command(project: str | None, since: str | None, as_json: bool, home: str | None) -> int:
    """Print the audit trail of a server, oldest first.

    It holds all writes, sign-ins, refused attempts and exports. Segments that arrive, and
    refusals, are summed by the minute. With --json each line is a document.
    """
    from whence.cli.output import write_json, write_lines
    from whence.server.access.span import moment_ns

    moment = 0 if since is None else moment_ns(since)
    with access_of(home) as access:
        rows = access.trail.each(project, moment)
        if as_json:
            for row in rows:
                write_json(row)
        else:
            write_lines(map(_line, rows))
    return 0


def _line(row: TrailRow) -> Line:
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    at = row.at[:19].replace("T", " ")
    times = f" × {row.times}" if row.times > 1 else ""
    return (
        Piece(f"{at}  ", "dim"), Piece(escaped(row.who), "agent"),
        Piece(f"  {row.action}{times}", "bad" if row.action == "refused" else "strong"),
        Piece(f"  {row.project or '*'}"), Piece(f"  {escaped(row.subject)}", "dim"),
    )  # fmt: skip
