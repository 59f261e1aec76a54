"""``whence reindex``: the index anew."""

from __future__ import annotations

import click

from whence.cli.settings import named_store, store_option


@click.command("reindex", epilog="\b\nExample:\n  whence reindex")
@store_option
def command(store: str | None) -> None:
    """Throw the index away and build it anew from the journal, which holds everything."""
    import os

    from whence.cli.progress import Progress
    from whence.journal.home import find_store
    from whence.query.spelling import count
    from whence.service.index import reindex

    folder = find_store(os.getcwd(), named_store(store))
    with Progress() as progress:
        segments = reindex(folder, progress.report)
    click.echo(f"The index is new; it was built from {count(segments, 'segment')}")
