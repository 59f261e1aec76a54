"""``whence server``: the projects of a team over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from whence.cli.oidc import oidc_options, provider_of

PORT = 5500


@click.command(
    "server",
    epilog="""\b
Examples:
  whence server
  whence server --home /srv/whence --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  whence server --store postgresql://whence@db/whence --proxy-headers
""",
)
@click.option(
    "--home", metavar="DIR",
    help="The folder of projects, tokens and trail; without it ~/.local/share/whence/server.",
)  # fmt: skip
@click.option(
    "--store", "database", metavar="URL",
    help="Keep the indexes in PostgreSQL (postgresql://...), not in SQLite files in the home.",
)  # fmt: skip
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True,
    help="Where to listen; 0.0.0.0 is wherever this machine is reached.",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True,
    help="0 takes any that is free.",
)  # fmt: skip
@click.option(
    "--auth", type=click.Choice(["auto", "on", "off"]), default="auto", show_default=True,
    help="Whether callers need a token; auto is off on this machine alone, else on.",
)  # fmt: skip
@oidc_options
@click.option("--insecure", is_flag=True, help="With --auth off: also where others can reach it.")
@click.option("--tls-cert", metavar="FILE", help="The certificate, with those that vouch for it.")
@click.option("--tls-key", metavar="FILE", help="The certificate's private key.")
@click.option(
    "--proxy-headers", is_flag=True,
    help="Believe the addresses and the scheme that a proxy on this machine tells.",
)  # fmt: skip
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME",
    help="A name under which the server may be asked; may be given several times.",
)  # fmt: skip
@click.option(
    "--allow-origin", "origins", multiple=True, metavar="URL",
    help="A site whose pages may ask the server; may be given several times.",
)  # fmt: skip
@click.option(
    "--rate", type=click.FloatRange(0), default=200, show_default=True,
    help="Calls a second of each caller; 0 for any number.",
)  # fmt: skip
@click.option(
    "--query-time", type=click.FloatRange(0.1), default=30, show_default=True, metavar="SECONDS",
    help="A question that takes longer is ended.",
)  # fmt: skip
@click.option(
    "--max-body", type=click.IntRange(1), default=64, show_default=True, metavar="MIB",
    help="The largest body of a request.",
)  # fmt: skip
@click.option(
    "--log-format", type=click.Choice(["json", "text"]), default="json", show_default=True,
    help="How the log on stderr is written.",
)  # fmt: skip
def command(
    home: str | None, database: str | None, host: str, port: int,
    auth: Literal["auto", "on", "off"], oidc_issuer: str | None,
    oidc_client_id: str | None, insecure: bool, tls_cert: str | None, tls_key: str | None,
    proxy_headers: bool, hosts: tuple[str, ...], origins: tuple[str, ...], rate: float,
    query_time: float, max_body: int, log_format: Literal["json", "text"],
) -> None:  # fmt: skip
    """Serve the projects of a team: the page, the HTTP API, and what clients send.

    Ctrl+C or SIGTERM ends it in good order. Clients send with: whence run --store URL.
    """
    from whence.server.access.choice import choose_access
    from whence.server.app import make_app
    from whence.server.home import server_home
    from whence.server.logs import set_up_logs
    from whence.server.project import HomeProjects
    from whence.server.serve import Listening, serve
    from whence.server.settings import MIB, ServerSettings

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    place = server_home(home)
    settings = ServerSettings(
        body_bytes=max_body * MIB,
        query_s=query_time,
        rate=rate,
        hosts=_hosts(host, hosts, proxy_headers),
        origins=frozenset(origins),
        tls=tls_cert is not None,
    )
    set_up_logs(log_format)
    provider = provider_of(oidc_issuer, oidc_client_id)
    access = choose_access(
        place, host, auth,
        insecure=insecure, behind_proxy=proxy_headers or bool(hosts), provider=provider,
    )  # fmt: skip
    app = make_app(HomeProjects(place, database), access, settings)
    where = Listening(host, port, tls_cert, tls_key, proxy_headers)
    try:
        serve(app, where, lambda url: _say(url, place))
    finally:
        access.close()


def _hosts(host: str, named: tuple[str, ...], behind_proxy: bool) -> frozenset[str]:
    """The names it may be asked under: on this machine alone its own, else those that are given."""
    from whence.server.access.choice import is_loopback
    from whence.server.settings import LOOPBACK

    if not named and (behind_proxy or not is_loopback(host)):
        return frozenset()
    return LOOPBACK | {name.lower() for name in named} | {host}


def _say(url: str, home: Path) -> None:
    click.echo(f"Whence serves {home} at {url} (Ctrl+C ends it)", err=True)
