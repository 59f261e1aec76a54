"""``whence remote``: the server that the store is sent to."""

from __future__ import annotations

import click

from whence.cli.settings import local_store, store_option


@click.group(
    "remote",
    invoke_without_command=True,
    epilog="""\b
Examples:
  whence remote
  whence remote set https://whence.example.org/projects/churn
  whence remote remove
""",
)
@click.pass_context
def command(ctx: click.Context) -> int:
    """Show the server that the store is sent to; set or remove it.

    All that the store holds is sent there: while runs go on, and by whence push.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from whence.journal.remote import remote_of

    remote = remote_of(local_store(None))
    click.echo(remote.url if remote else "This store is sent nowhere")
    return 0 if remote else 1


@command.command(
    "set", epilog="\b\nExample:\n  whence remote set https://whence.example.org/projects/churn\n"
)
@click.argument("url")
@store_option
def set_(url: str, store: str | None) -> int:
    """Send the store to the project at URL from now on, with all that it holds already."""
    from whence.journal.home import complete_store, store_to_record
    from whence.journal.remote import Remote

    remote = Remote(url)
    folder, _ = store_to_record(store)
    complete_store(folder)
    _write(folder, remote.url)
    click.echo(f"Sent from now on to {remote.url}; what is there already: whence push")
    return 0


@command.command("remove", epilog="\b\nExample:\n  whence remote remove\n")
@store_option
def remove(store: str | None) -> int:
    """Send the store nowhere any more. What was sent stays at the server."""
    _write(local_store(store), "")
    click.echo("This store is sent nowhere now")
    return 0


def _write(store: str, url: str) -> None:
    """Put ``[server] url`` into the settings, or out of them; the rest stays as it is."""
    import os

    from whence._base.private import replace
    from whence.capture.settings import FILE_NAME, edited, parse_settings

    path = os.path.join(store, FILE_NAME)
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    except FileNotFoundError:
        text = ""
    data = edited(text, "server", "url", url).encode()
    parse_settings(data, path)
    replace(path, data)
