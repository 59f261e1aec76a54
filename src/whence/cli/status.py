"""``whence status``: the store itself."""

from __future__ import annotations

import click

from whence.cli.settings import json_option, local_store, named_store, questions, store_option


@click.command(
    "status",
    epilog="""\b
Example:
  whence status
""",
)
@json_option
@store_option
def command(as_json: bool, store: str | None) -> None:
    """Show the store: where it is, its size, its runs and segments, and what is missing in it."""
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.status import status_lines

    with questions(_place(store)) as asked:
        found = asked.status()
    if as_json:
        write_json(found)
    else:
        write_lines(status_lines(found.store, found.nodes, found.completeness))


def _place(store: str | None) -> str | None:
    """The store that is named, else the nearest, also where WHENCE_HOME names a server.

    How much of it is still to be sent is known here and not there.
    """
    from whence.journal.home import named_remote

    named = named_store(store)
    return local_store(None) if named is None and named_remote() else named
