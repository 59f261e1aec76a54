"""``whence login``: keep the token for a project of a server."""

from __future__ import annotations

import sys

import click


@click.command(
    "login",
    epilog="""\b
Examples:
  whence login https://whence.example.org/projects/churn
  whence login https://whence.example.org/projects/churn --token-stdin < token.txt
  whence login https://whence.example.org/projects/churn --forget
""",
)
@click.argument("url")
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input.")
@click.option("--forget", is_flag=True, help="Forget the token that is kept.")
def command(url: str, token_stdin: bool, forget: bool) -> int:
    """Keep the token for the project at URL, where only you can read it, once the server takes it.

    WHENCE_TOKEN goes before what is kept.
    """
    from whence._base.errors import UsageError
    from whence.journal.remote import Remote, keep_token

    remote = Remote(url)
    if forget:
        keep_token(remote, "")
        click.echo(f"Forgotten: the token for {remote.url}")
        return 0
    token = sys.stdin.readline().strip() if token_stdin else click.prompt("Token", hide_input=True)
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError("That is no token; make one on the server: whence token create")
    if not remote.is_tls and not remote.is_loopback:
        click.echo("whence: the token goes over the network unencrypted; use https", err=True)
    note = _tried(remote.url, token)
    path = keep_token(remote, token)
    click.echo(f"Kept in {path}" + (f"; {note}" if note else ""))
    return 0


def _tried(url: str, token: str) -> str:
    """What is to be said of a token that the server may take. Raises RefusedError if it doesn't."""
    from whence._base.errors import UnreachableError
    from whence.journal.remote import Remote
    from whence.journal.ship_wire import Wire

    wire = Wire(Remote(url), token=token)
    try:
        wire.get("/status")
    except UnreachableError as error:
        return f"not tried: {error}"
    finally:
        wire.close()
    return ""
