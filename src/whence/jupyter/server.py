"""The extension of Jupyter's server: what the panel asks, answered under ``whence/api/``.

Who may ask is settled by Jupyter: its login, its tokens, its authorizer, its checks of the origin.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from whence.jupyter.asked import SETTING, Asked
from whence.jupyter.route.base import WhenceHandler
from whence.jupyter.route.compare import CompareHandler
from whence.jupyter.route.export import ExportHandler
from whence.jupyter.route.output import OutputHandler
from whence.jupyter.route.same import SameHandler
from whence.jupyter.route.sessions import SessionsHandler
from whence.jupyter.route.status import StatusHandler
from whence.jupyter.route.view import ViewHandler

BASE = "whence/api"
ROUTES: dict[str, type[WhenceHandler]] = {
    "status": StatusHandler,
    "sessions": SessionsHandler,
    "view": ViewHandler,
    "compare": CompareHandler,
    "export": ExportHandler,
    "same": SameHandler,
    "output": OutputHandler,
}


def load(app: Any) -> None:
    """Add the routes to a ``jupyter_server.serverapp.ServerApp``."""
    web_app = app.web_app
    web_app.settings[SETTING] = Asked()
    base = web_app.settings["base_url"]
    handlers = [(url_path_join(base, BASE, name), handler) for name, handler in ROUTES.items()]
    web_app.add_handlers(".*$", handlers)
    app.log.info("Whence answers under %s", url_path_join(base, BASE))
