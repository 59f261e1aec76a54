"""A real Jupyter server with Whence's extension, and a client that shows its token.

with jupyter_server(tmp_path) as server:
    assert server.get("status", path="train.ipynb").json()["store"] is None
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

TOKEN = "a-token-for-tests"
PATIENCE_S = 60
_OTHERS = ("jupyter_lsp", "jupyterlab", "ipyparallel", "notebook_shim", "jupyter_server_terminals")
"""Extensions that take long to load and have no part in this."""

_URL = re.compile(r"(http://127\.0\.0\.1:\d+/)")


@dataclass
class JupyterServer:
    """``client`` asks it with its token; ``log`` are the lines it wrote by now."""

    root: Path
    url: str
    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: list[str] = field(default_factory=list)

    def get(self, route: str, **query: object) -> httpx.Response:
        """The answer of one of Whence's routes."""
        parameters = {key: str(value) for key, value in query.items()}
        return self.client.get(f"whence/api/{route}", params=parameters)


@contextmanager
def jupyter_server(
    root: Path, *arguments: str, env: dict[str, str] | None = None
) -> Iterator[JupyterServer]:
    """A server of the folder ``root``; it is ended afterwards."""
    home = root.parent / f"{root.name}-jupyter"
    home.mkdir(exist_ok=True)
    own = {
        "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home),
        "JUPYTER_RUNTIME_DIR": str(home), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    inherited = {key: value for key, value in os.environ.items() if key != "WHENCE_HOME"}
    given = {**inherited, **own, **(env or {})}
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root",
            "--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={root}",
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.jpserver_extensions=whence.jupyter=True",
            *(f"--ServerApp.jpserver_extensions={one}=False" for one in _OTHERS),
            *arguments,
        ],
        cwd=root, env=given, stderr=subprocess.PIPE,
    )  # fmt: skip
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_listen, args=(process, lines, ready), daemon=True).start()
    try:
        assert ready.wait(PATIENCE_S), lines
        found = _URL.search("".join(lines))
        assert found is not None, lines
        headers = {"Authorization": f"token {TOKEN}"}
        with httpx.Client(
            base_url=found[1], headers=headers, timeout=PATIENCE_S, trust_env=False
        ) as client:
            yield JupyterServer(root, found[1], process, client, lines)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listen(process: subprocess.Popen[bytes], lines: list[str], ready: threading.Event) -> None:
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            lines.append(line.decode(errors="replace"))
            if "/?token=" in lines[-1]:
                ready.set()
    ready.set()
