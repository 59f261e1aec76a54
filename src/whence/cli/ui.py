"""``whence ui``: the web page over the local store."""

from __future__ import annotations

import click

from whence.cli.settings import named_store, store_option

PORT = 5500


@click.command(
    "ui",
    epilog="""\b
Examples:
  whence ui
  whence ui --port 0 --no-browser
""",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="PORT",
    help=f"Where to listen on this machine; {PORT} or any that is free without it, 0 for any.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@store_option
def command(port: int | None, no_browser: bool, store: str | None) -> None:
    """Look at the store in a browser: runs, metrics, comparisons and lineage.

    Serves the page to this machine alone, and writes nothing but the index. Ctrl+C ends it.
    """
    import os

    from whence.cli.progress import Progress
    from whence.journal.home import find_store
    from whence.server.access.principal import OpenAccess
    from whence.server.app import make_app
    from whence.server.logs import set_up_logs
    from whence.server.project import LocalProject
    from whence.server.serve import Listening, free_port, serve
    from whence.server.settings import LOOPBACK, ServerSettings
    from whence.service.index import fold_new

    folder = find_store(os.getcwd(), named_store(store))
    with Progress() as progress:
        fold_new(folder, progress.report)
    set_up_logs("text", requests=False)
    app = make_app(LocalProject(folder), OpenAccess(), ServerSettings(hosts=LOOPBACK))

    def ready(url: str) -> None:
        click.echo(f"Whence shows {folder} at {url} (Ctrl+C ends it)", err=True)
        if not no_browser:
            _open(url)

    serve(app, Listening(port=free_port(PORT) if port is None else port), ready)


def _open(url: str) -> None:
    """Open the browser, from a thread: some do not return before they are closed."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
