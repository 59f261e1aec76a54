"""``whence push``: send what is outstanding to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.settings import local_store, named_store, store_option

if TYPE_CHECKING:
    from whence.service.pushing import Pushed

WATCH_S = 1.0


@click.command(
    "push",
    epilog="""\b
Examples:
  whence push
  whence push --store https://whence.example.org/projects/churn
  whence push --watch
""",
)
@click.option("--watch", is_flag=True, help="Go on sending what is new, until Ctrl+C.")
@click.option(
    "--again", is_flag=True,
    help="Ask the server about every segment anew, also those it refused.",
)  # fmt: skip
@store_option
def command(watch: bool, again: bool, store: str | None) -> int:
    """Send what is outstanding to the server that the store is sent to, or to the one named.

    Exit code 0: nothing is left. 1: the server can't be reached or refuses, and how much is left.
    """
    from whence.cli.progress import Progress
    from whence.service.outgoing import named_or_configured
    from whence.service.pushing import push

    folder = local_store(store)
    remotes = named_or_configured(folder, named_store(store))
    with Progress() as progress:
        done = [push(folder, remote, progress.report, again=again) for remote in remotes]
    for one in done:
        _say(one)
    if watch:
        _watch(folder, named_store(store))
    return int(any(one.problem or one.left.segments or one.left.refused for one in done))


def _watch(folder: str, named: str | None) -> None:
    import time

    from whence.service.outgoing import named_or_configured
    from whence.service.pushing import push

    while True:
        time.sleep(WATCH_S)
        for remote in named_or_configured(folder, named):
            one = push(folder, remote)
            if one.segments or one.problem:
                _say(one)


def _say(one: Pushed) -> None:
    from whence.query.spelling import count, size

    if one.segments:
        click.echo(f"Sent {count(one.segments, 'segment')}, {size(one.bytes)} to {one.url}")
    if one.problem:
        click.echo(f"whence: {one.problem}", err=True)
    if one.left.segments:
        left = f"{count(one.left.segments, 'segment')}, {size(one.left.bytes)}"
        click.echo(f"{left} are left; send them later: whence push", err=True)
    elif one.left.refused:
        text = f"{count(one.left.refused, 'segment')} refused by {one.url}; see: whence status"
        click.echo(text, err=True)
    elif not one.problem:
        click.echo(f"Nothing is left to send to {one.url}")
