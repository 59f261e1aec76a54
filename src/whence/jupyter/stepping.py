"""Running the cells of a notebook one after the other in one kernel, and stopping it in time."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whence._base.ids import format_id
from whence.capture.process.start import warn
from whence.jupyter.executed import CellFailure, Stage, Step

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ASKED = "__import__('whence.jupyter.inside', fromlist=['inside']).{}"


class CellRunner:
    """One run of a notebook by ``client``.

    ``session`` is the id of the kernel's session once it runs, empty where nothing is recorded;
    ``failure`` the cell that stopped it, ``signal`` the signal that did.
    """

    def __init__(
        self,
        client: Any,
        report: Callable[[Step], None],
        is_recorded: bool,
        parameters: dict[str, Any],
    ) -> None:
        self._client, self._report = client, report
        self._is_recorded, self._parameters = is_recorded, parameters
        self._total = sum(1 for cell in client.nb.cells if _is_run(client, cell))
        self._traceback: list[str] = []
        self._tasks: set[asyncio.Future[Any]] = set()
        self._reason = ""
        self.session = ""
        self.failure: CellFailure | None = None
        self.signal = 0

    async def run(
        self, environment: dict[str, str], folder: str, keep: Callable[[], Path | None]
    ) -> None:
        """Run all cells; ``keep`` is called when they have run and writes the notebook.

        Raises RuntimeError when the kernel does not start.
        """
        client = self._client
        client.reset_execution_trackers()
        client.on_notebook_start = self._heed_signals
        client.on_cell_error = self._take_error
        self._report(Step("starts", 0, self._total))
        async with client.async_setup_kernel(env=environment, cwd=folder):
            await self._begin()
            await self._run_cells()
            client.set_widgets_metadata()
            written = keep()
            if self._is_recorded:
                await self._end(written)

    async def _begin(self) -> None:
        """Take the kernel's language, and the id of its session."""
        client = self._client
        reply = await client.async_wait_for_reply(client.kc.kernel_info())
        if reply is not None:
            client.nb.metadata["language_info"] = reply["content"]["language_info"]
        if self._is_recorded:
            told = json.dumps(self._parameters)
            run = await self._ask(f"begun({told!r})")
            self.session = format_id(bytes.fromhex(run)) if run else ""
            if not run:
                warn(f"whence: the notebook runs unrecorded{self._reason}")

    async def _end(self, written: Path | None) -> None:
        failure = self.failure
        told = {
            "written": "" if written is None else str(written.resolve()),
            "interrupted": bool(self.signal),
            "error": failure.error if failure else "",
            "message": failure.message if failure else "",
        }
        await self._ask(f"ended({json.dumps(told)!r})")

    async def _ask(self, call: str) -> str:
        """What a function of ours gives in the kernel, as text; empty where it does not answer."""
        from nbclient.exceptions import DeadKernelError

        client = self._client
        asked = {"whence": _ASKED.format(call)}
        message = client.kc.execute("", silent=True, store_history=False, user_expressions=asked)
        try:
            reply = await client.async_wait_for_reply(message)
        except DeadKernelError:
            return ""
        found = (reply or {}).get("content", {}).get("user_expressions", {}).get("whence", {})
        if found.get("status") == "error":
            self._reason = f": {found.get('ename')}: {found.get('evalue')}"
        text = found.get("data", {}).get("text/plain", "''")
        return str(ast.literal_eval(text))

    async def _run_cells(self) -> None:
        number = 0
        for index, cell in enumerate(self._client.nb.cells):
            if not _is_run(self._client, cell):
                continue
            number += 1
            if self.signal or self.failure is not None:
                return
            await self._run_cell(number, index, cell)

    async def _run_cell(self, number: int, index: int, cell: Any) -> None:
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        client = self._client
        client.kc.session.metadata = {"cellId": cell["id"]} if cell.get("id") else {}
        self._told("runs", number, cell)
        try:
            await client.async_execute_cell(
                cell, index, execution_count=client.code_cells_executed + 1
            )
        except CellExecutionError as error:
            self.failure = self._failure(number, cell, error)
        except DeadKernelError:
            message = "The kernel died while the cell ran"
            self.failure = CellFailure(number, cell.get("id", ""), "DeadKernel", message, message)
        finally:
            client.kc.session.metadata = {}
        self._told("failed" if self.failure else "ran", number, cell)

    def _take_error(self, execute_reply: dict[str, Any], **_: Any) -> None:
        self._traceback = execute_reply["content"].get("traceback", [])

    def _failure(self, number: int, cell: Any, error: Any) -> CellFailure:
        name, message = error.ename, _plain(error.evalue)
        if name == "KeyboardInterrupt" and self._client.timeout and not self.signal:
            name = "Timeout"
            message = f"The cell took longer than {self._client.timeout} s and was interrupted"
        traceback = _plain("\n".join(self._traceback))
        return CellFailure(number, cell.get("id", ""), name, message, traceback)

    def _told(self, stage: Stage, number: int, cell: Any) -> None:
        self._report(Step(stage, number, self._total, str(cell.source)))

    def _heed_signals(self, **_: Any) -> None:
        """From now on a signal interrupts the cell that runs, and a second one kills the kernel."""
        loop = asyncio.get_running_loop()
        for one in _SIGNALS:
            try:
                loop.add_signal_handler(one, self._stop, int(one))
            except (RuntimeError, ValueError):  # not in the main thread
                return

    def _stop(self, number: int) -> None:
        manager, again = self._client.km, bool(self.signal)
        self.signal = self.signal or number
        if manager is not None:
            wanted = manager.shutdown_kernel(now=True) if again else manager.interrupt_kernel()
            task = asyncio.ensure_future(wanted)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


def _is_run(client: Any, cell: Any) -> bool:
    skipped = client.skip_cells_with_tag in cell.metadata.get("tags", [])
    return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped


def _plain(text: str) -> str:
    """The text without the colours of a terminal, and nothing that one would act on."""
    from whence.query.spelling import escaped

    return "\n".join(escaped(line) for line in _ANSI.sub("", text).expandtabs().splitlines())
