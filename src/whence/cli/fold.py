"""``whence fold``: take what was recorded into the index. The companion calls it at a run's end."""

from __future__ import annotations

import click

from whence.cli.settings import questions, store_option


@click.command("fold", hidden=True, epilog="\b\nExample:\n  whence fold")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@store_option
def command(quiet: bool, store: str | None) -> None:
    """Take what was recorded into the index now. Reading commands do so by themselves."""
    with questions(store) as asked:
        runs = asked.store.counts().get("runs", 0)
    if not quiet:
        click.echo(f"The index is up to date; it holds {runs:,} runs")
