"""Running cells in a kernel in which Whence records, in any order."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty
from subprocess import DEVNULL

from benchmarks.cost import environment
from benchmarks.notebooks.cells import Cell

PATIENCE_S = 60.0
LIMIT_S = 120.0
NAME = "notebook.ipynb"


def record(cells: Sequence[Cell], order: Sequence[int], folder: Path) -> str | None:
    """Run the cells in that order, recorded into ``folder``; why it failed, or None."""
    from jupyter_client.manager import KernelManager

    path = folder / NAME
    path.write_text(json.dumps(_document(cells)))
    # Sockets in the folder: a free port may be taken before the kernel binds it.
    manager = KernelManager(kernel_name="python3", transport="ipc", ip=os.fspath(folder / "k"))
    manager.kernel_spec.argv[0] = sys.executable  # type: ignore[union-attr]  # it is there
    names = environment() | {
        "MPLBACKEND": "agg", "IPYTHONDIR": os.fspath(folder / "ipython"),
        "JPY_SESSION_NAME": os.fspath(path), "PYTHONWARNINGS": "ignore",
        "LOKY_MAX_CPU_COUNT": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    (folder / ".whence").mkdir()
    manager.start_kernel(cwd=os.fspath(folder), env=names, stdout=DEVNULL, stderr=DEVNULL)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE_S)
        failed = _run(client, "%load_ext whence", "")
        for number in order:
            failed = failed or _run(client, cells[number].text, cells[number].id)
        return failed
    except (Empty, TimeoutError, RuntimeError) as error:
        return str(error) or f"a cell took over {LIMIT_S:.0f} s"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


def _run(client: object, source: str, cell: str) -> str | None:
    """Run one cell to its end; why it failed, or None."""
    content = {
        "code": source, "silent": False, "store_history": bool(cell), "user_expressions": {},
        "allow_stdin": False, "stop_on_error": False,
    }  # fmt: skip
    metadata = {"cellId": cell} if cell else {}
    message = client.session.msg("execute_request", content, metadata=metadata)  # type: ignore[attr-defined]
    client.shell_channel.send(message)  # type: ignore[attr-defined]
    until = time.monotonic() + LIMIT_S
    while True:
        reply = client.get_shell_msg(timeout=max(0.0, until - time.monotonic()))  # type: ignore[attr-defined]
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            told = reply["content"]
            return None if told["status"] == "ok" else f"{cell}: {told.get('evalue', '')}"[:200]


def _document(cells: Sequence[Cell]) -> dict[str, object]:
    found = [
        {"cell_type": "code", "id": one.id, "metadata": {}, "outputs": [],
         "execution_count": None, "source": one.text}
        for one in cells
    ]  # fmt: skip
    return {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
