"""A real kernel with Whence in it: cells are run as a front end runs them, the record read back.

    with kernel(tmp_path) as running:
        running.run("import pandas as pd", "a")
        assert running.run("1 + 1", "b").result == "2"
    recording = read_when_done(running.store)

The kernel works in its folder, with an IPython folder of its own, so nothing of whoever runs the
tests is loaded. ``load=""`` gives a bare kernel.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.support.program import Recording, environment, read_now, read_when_done

LOAD = "%load_ext whence"
PATIENCE_S = 60.0


class Answer(NamedTuple):
    """What a kernel answered to one cell: its reply, and the messages it published meanwhile."""

    reply: dict[str, Any]
    messages: list[dict[str, Any]]

    @property
    def status(self) -> str:
        """``ok``, ``error`` or ``aborted``."""
        return str(self.reply["status"])

    @property
    def text(self) -> str:
        """All that was written to standard output."""
        return self._stream("stdout")

    @property
    def errors(self) -> str:
        """All that was written to standard error."""
        return self._stream("stderr")

    @property
    def result(self) -> str:
        """The value of the cell as text; empty when it has none."""
        results = self.of("execute_result")
        return str(results[0]["data"]["text/plain"]) if results else ""

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The contents of the published messages of one type."""
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def _stream(self, name: str) -> str:
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)


class Kernel:
    """A kernel that runs; made by `kernel`. ``folder`` is where it works."""

    def __init__(self, folder: Path, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.folder, self.manager, self.client = folder, manager, client

    @property
    def store(self) -> Path:
        return self.folder / ".whence"

    @property
    def pid(self) -> int:
        provisioner: Any = self.manager.provisioner
        return int(provisioner.pid)

    def run(self, source: str, cell: str = "", **options: Any) -> Answer:
        """Run a cell and wait for its end. ``options`` are fields of the request's content."""
        return self.answer(self.send(source, cell, **options))

    def send(self, source: str, cell: str = "", **options: Any) -> str:
        """Ask for a cell to be run and go on; gives what `answer` needs."""
        silent = bool(options.get("silent", False))
        content = {
            "code": source, "silent": silent, "store_history": not silent,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False, **options,
        }  # fmt: skip
        metadata = {"cellId": cell} if cell else {}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def answer(self, request: str) -> Answer:
        """Wait for the reply to a request and for all that was published for it."""
        until = time.monotonic() + PATIENCE_S
        reply = self._reply(request, until)
        messages: list[dict[str, Any]] = []
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.0, until - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            messages.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return Answer(reply, messages)

    def _reply(self, request: str, until: float) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=max(0.0, until - time.monotonic()))
            if message["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = message["content"]
                return content

    def wait_for_output(self, text: str) -> None:
        """Wait until a running cell has written ``text``."""
        until, seen = time.monotonic() + PATIENCE_S, ""
        while text not in seen:
            message = self.client.get_iopub_msg(timeout=max(0.0, until - time.monotonic()))
            if message["msg_type"] == "stream":
                seen += message["content"]["text"]

    def interrupt(self) -> None:
        """As a person's stop button does."""
        self.manager.interrupt_kernel()

    def kill(self) -> None:
        """End the kernel by ``kill -9``."""
        self.manager.shutdown_kernel(now=True)

    def restart(self) -> None:
        """As a person's restart button does; what was loaded is not loaded any more."""
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=PATIENCE_S)

    def shut_down(self) -> Recording:
        """End the kernel in good order; give what was recorded once that is complete."""
        self.manager.shutdown_kernel(now=False)
        return read_when_done(self.store)

    def recorded(self) -> Recording:
        """What is recorded by now, while the kernel runs."""
        return read_now(self.store)


@contextmanager
def kernel(folder: Path, *, load: str = LOAD, **extra: str) -> Iterator[Kernel]:
    """A kernel that works in ``folder``, with ``extra`` in its environment.

    ``load`` is run first, and leaves no trace in the history, so it is no recorded cell. Nothing is
    for "".
    """
    with ready_kernel(folder, **extra) as running:
        if load:
            loaded = running.run(load, store_history=False)
            assert (loaded.status, loaded.text, loaded.errors) == ("ok", "", "")
        yield running


@contextmanager
def ready_kernel(folder: Path, **extra: str) -> Iterator[Kernel]:
    """A bare kernel in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".whence").mkdir(exist_ok=True)
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = sys.executable  # type: ignore[union-attr]  # it is there
    home = folder.parent / f"{folder.name}-ipython"
    names = environment(IPYTHONDIR=os.fspath(home), PYTHONPATH=os.getcwd(), **extra)
    manager.start_kernel(cwd=os.fspath(folder), env=names)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE_S)
        yield Kernel(folder, manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=not manager.is_alive())


__all__ = ["Answer", "Kernel", "Recording", "kernel", "read_when_done", "ready_kernel"]
