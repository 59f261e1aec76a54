"""Running a notebook from top to bottom in a fresh kernel, recorded: ``whence run x.ipynb``.

The cells are run by nbclient. The kernel loads our extension by an option of its command line, so
nothing has to be in the notebook; which run it records comes in its environment, and which cell
each request is of in the request's metadata, as JupyterLab sends it.
"""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from whence._base.errors import MissingExtraError, UsageError, WhenceError
from whence._base.ids import uuid7
from whence.capture.launch.command import observers_for, store_for
from whence.capture.launch.handover import Handover
from whence.capture.process.start import warn
from whence.journal.home import cache_path, named_remote
from whence.jupyter.choosing import kernel_for
from whence.jupyter.document import INSTALL, read_notebook, with_parameters, write_notebook
from whence.jupyter.executed import CellFailure, ExecutedNotebook, Step
from whence.jupyter.handed import NOTEBOOK, VARIABLE, hand
from whence.jupyter.stepping import CellRunner
from whence.model.status import FAILED, FINISHED, INTERRUPTED, Status

_LONGEST_FOLDER = 70
"""Letters of a folder in which a socket can still have its name, which may have 107 in all."""


def run_notebook(
    path: Path,
    *,
    store: str | os.PathLike[str] | None = None,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int | None = None,
    cwd: str | os.PathLike[str] | None = None,
    output: Path | None = None,
    experiment: str = "",
    tags: Sequence[tuple[str, str]] = (),
    kernel: str | None = None,
    report: Callable[[Step], None] = lambda step: None,
) -> ExecutedNotebook:
    """Run the notebook in a fresh kernel and record it; give what came of it.

    Args:
        path: The notebook; it is left as it is.
        store: The store to record into; else the nearest to the working folder, or a new one there.
        name: What to call the run; else the notebook's name.
        parameters: Variables to set after the cell tagged ``parameters``.
        timeout: Seconds after which a cell is interrupted; no limit if None.
        cwd: The kernel's working folder; else the notebook's.
        output: Where to write the notebook with its outputs, also when a cell failed.
        experiment: The experiment that the run is part of.
        tags: Tags of the run.
        kernel: The name of the kernel to run it with; else the one that the notebook names.
        report: Called at every step.

    Raises:
        DocumentError: It holds no notebook.
        MissingExtraError: nbclient or ipykernel is not installed.
        UsageError: There is no such file, its kernel is not the Python of this environment, or an
            option is wrong.
        WhenceError: The kernel did not start.
        OSError: ``output`` can't be written.
    """
    notebook = read_notebook(path)
    if parameters:
        with_parameters(notebook, parameters)
    if output is not None and not output.resolve().parent.is_dir():
        raise UsageError(f"There is no folder {output.resolve().parent} to write {output.name} to")
    client = _client(notebook, kernel_for(notebook, kernel), timeout)
    place = path.resolve()
    environment = _environment(place)
    named = None if store is None else os.fspath(store)
    handover = _handover(named, name or "", experiment, tags)
    if handover is not None:
        hand(environment, handover)
    runner = CellRunner(client, report, handover is not None, dict(parameters or {}))
    folder = os.fspath(cwd) if cwd is not None else os.fspath(place.parent)

    def keep() -> Path | None:
        if output is not None:
            aside = None if handover is None else cache_path(handover.store)
            write_notebook(notebook, output, aside)
        return output

    try:
        _run(runner.run(environment, folder, keep))
    except RuntimeError as error:
        atexit.unregister(client._cleanup_kernel)  # it is done, and can't be done again
        if not runner.signal:
            raise WhenceError(f"The kernel of {path} did not start: {error}") from error
    return ExecutedNotebook(
        runner.session, notebook, _status(runner.failure, runner.signal), runner.failure,
        runner.signal,
    )  # fmt: skip


def _run(task: Coroutine[Any, Any, None]) -> None:
    """Run to its end, in a thread of its own where this one has a loop already, as in a kernel."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(task)
        return
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, task).result()


def _status(failure: CellFailure | None, signal: int) -> Status:
    if signal:
        return INTERRUPTED
    return FAILED if failure else FINISHED


def _client(notebook: Any, kernel: str, timeout: int | None) -> Any:
    try:
        from nbclient import NotebookClient
        from traitlets.config import Config
    except ImportError as error:
        raise MissingExtraError(f"A notebook is run with nbclient. {INSTALL}") from error
    from logging import getLogger

    log = getLogger("whence.jupyter")
    log.disabled = True  # what goes wrong is told by us, once
    return NotebookClient(
        notebook,
        config=Config({"KernelManager": _sockets()}),
        kernel_name=kernel,
        timeout=timeout,
        interrupt_on_timeout=True,
        startup_timeout=180,
        iopub_timeout=60,
        extra_arguments=["--ext=whence.jupyter.kernel", "--log-level=CRITICAL"],
        log=log,
    )


def _sockets() -> dict[str, str]:
    """How we talk to the kernel: by sockets that are files, which only this user may open.

    Ports that were found free may be another's by the time the kernel takes them. The files are
    named in full: a bare name would be looked for in two working folders, the kernel's and ours.
    """
    folder = gettempdir()
    if len(folder) >= _LONGEST_FOLDER:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": os.path.join(folder, f"whence-{uuid7().hex()[-12:]}")}


def _environment(notebook: Path) -> dict[str, str]:
    """The environment of the kernel: no part of the run that this process may be part of."""
    from whence.capture.launch.handover import VARIABLE as RUN

    others = {key: text for key, text in os.environ.items() if key not in (RUN, VARIABLE)}
    return others | {NOTEBOOK: os.fspath(notebook), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _handover(
    store: str | None, name: str, experiment: str, tags: Sequence[tuple[str, str]]
) -> Handover | None:
    """What the kernel begins its session with; None, after one line, when it can't be recorded."""
    try:
        folder = store_for(store)
        return Handover(
            folder,
            uuid7().hex(),
            observers=observers_for(folder),
            name=name,
            experiment=experiment,
            tags=tuple(tags),
            remote=named_remote(store),
        )
    except UsageError:
        raise
    except (OSError, WhenceError) as error:
        warn(f"whence: the notebook runs unrecorded: {error}")
        return None
