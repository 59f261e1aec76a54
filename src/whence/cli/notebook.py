"""``whence run notebook.ipynb``: its options, progress on stderr, and the exit code."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from whence.capture.launch.request import Request
    from whence.jupyter.executed import ExecutedNotebook, Step

_SIGNALLED = 128
_SHOWN = 60


def run(words: list[str]) -> int:
    """Run the notebook that the words after ``whence run`` name; the exit code.

    Raises the errors of `whence.jupyter.running.run_notebook`.
    """
    from whence._base.errors import UsageError
    from whence.capture.launch.request import parse_request

    request = parse_request(words)
    if request.flags:
        flags = " ".join(request.flags)
        raise UsageError(f"Flags of the interpreter are not for the kernel of a notebook: {flags}")
    # What jsonschema checks addresses with takes 2.5 s of CPU to load, and no notebook needs it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # it can't be imported
    code = _options.main(
        request.program[1:], prog_name="whence run NOTEBOOK", standalone_mode=False, obj=request
    )
    return int(code or 0)


@click.command("notebook", add_help_option=True)
@click.option("--output", metavar="PATH", help="Write the notebook with its outputs there.")
@click.option("--inplace", is_flag=True, help="Write the outputs into the notebook itself.")
@click.option(
    "-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME VALUE",
    help="Set a variable; VALUE is JSON, else a text. May be given several times.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.IntRange(min=1), metavar="SECONDS",
    help="Interrupt a cell that takes longer.",
)  # fmt: skip
@click.option("--cwd", metavar="DIR", help="The kernel's working folder; else the notebook's.")
@click.option("--kernel", metavar="NAME", help="The kernel; else the one that the notebook names.")
@click.option("--name", metavar="NAME", help="What to call the run; else the notebook's name.")
@click.option("--experiment", metavar="NAME", help="The experiment that the run is part of.")
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", help="A tag of the run.")
@click.option("--store", metavar="PATH|URL", help="The store to record into.")
@click.pass_obj
def _options(
    request: Request, /, output: str | None, inplace: bool,
    parameters: tuple[tuple[str, str], ...], tags: tuple[str, ...], name: str | None,
    experiment: str | None, store: str | None, **others: Any,
) -> int:  # fmt: skip
    """Run a notebook from top to bottom in a fresh kernel, and record it."""
    from whence.jupyter.running import run_notebook

    if output and inplace:
        raise click.UsageError("Give --output or --inplace, not both")
    path = Path(request.program[0])
    telling = _Telling()
    ran = run_notebook(
        path,
        store=store or request.store or None,
        name=name or request.name or None,
        experiment=experiment or request.experiment,
        tags=[*request.tags, *(_tag(text) for text in tags)],
        parameters={key: _value(text) for key, text in parameters},
        output=path if inplace else Path(output) if output else None,
        report=telling.report,
        **others,
    )
    telling.end(ran)
    if ran.signal:
        return _SIGNALLED + ran.signal
    return 1 if ran.failure else 0


class _Telling:
    """Tells on stderr how far the notebook is: one line drawn over itself on a terminal."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._began = time.monotonic()
        self._cell_began = self._began
        self._total = 0

    def report(self, step: Step) -> None:
        now, self._total = time.monotonic(), step.total
        place = f"cell {step.number} of {step.total}"
        if step.stage == "starts":
            self._write("starting the kernel", passing=True)
        elif step.stage == "runs":
            self._cell_began = now
            self._write(f"{place}: {_first_line(step.source)}", passing=True)
        elif step.stage == "ran" and not self._is_terminal:
            self._write(f"{place}: {now - self._cell_began:.1f} s")

    def end(self, ran: ExecutedNotebook) -> None:
        """Say how it ended, with the traceback of the cell that failed."""
        failure = ran.failure
        if failure is not None and not ran.signal:
            self._write(f"cell {failure.number} of {self._total} failed: {failure.error}")
            sys.stderr.write(f"{(failure.traceback or failure.message).rstrip()}\n")
        took = f"{time.monotonic() - self._began:.1f} s"
        where = f"; it is run {ran.run}" if ran.run else ", unrecorded"
        self._write(f"the notebook {_ENDED[ran.status]} after {took}{where}")

    def _write(self, text: str, passing: bool = False) -> None:
        if not self._is_terminal:
            if not passing:
                sys.stderr.write(f"whence: {text}\n")
        else:
            sys.stderr.write(f"\r\x1b[2Kwhence: {text}" + ("" if passing else "\n"))
        sys.stderr.flush()


_ENDED = {"finished": "finished", "failed": "failed", "interrupted": "was interrupted"}


def _first_line(source: str) -> str:
    from whence.query.spelling import escaped

    lines = [line for line in source.splitlines() if line.strip()]
    first = escaped(lines[0].expandtabs()) if lines else ""
    return first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"


def _tag(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise click.UsageError(f"--tag takes KEY=VALUE; it is {text!r}")
    return key, value


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
