"""``whence backup``: a copy of a server's home, also while the server runs."""

from __future__ import annotations

import click

from whence.cli.home import access_of, home_of, home_option, local_principal


@click.command(
    "backup",
    epilog="""\b
Examples:
  whence backup /var/backups/whence
  whence backup /mnt/backup/whence --home /srv/whence
""",
)
@click.argument("folder", metavar="FOLDER")
@home_option
def command(folder: str, home: str | None) -> int:
    """Copy a server's home into FOLDER: projects, tokens and trail, without the indexes.

    The server may run meanwhile. Into the FOLDER of an earlier backup only what is new is copied.
    To restore, copy FOLDER to where the home shall be, and start the server there.
    """
    from pathlib import Path

    from whence.query.spelling import count
    from whence.server.backup import back_up

    place = home_of(home)
    with access_of(home) as access:
        access.record(local_principal(), "back up", None, "")
    copied = back_up(place, Path(folder).expanduser().absolute())
    click.echo(
        f"{folder}: {count(copied.projects, 'project')}, {count(copied.segments, 'segment')}, "
        f"{copied.copied_bytes:,} bytes copied"
    )
    return 0
