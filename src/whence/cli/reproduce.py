"""``whence reproduce``: a notebook run anew, and compared with what is recorded of it."""

from __future__ import annotations

import os

import click

from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument

DIFFERS = 1


@click.command(
    "reproduce",
    epilog="""\b
Examples:
  whence reproduce train.ipynb
  whence reproduce train.ipynb --tolerance 1e-6 --json
  whence reproduce train.ipynb --session 0193f2a1

Exit code: 0 the same, 1 something differs or a cell fails, 2 it can't be read, run or compared.
""",
)
@thing_argument("notebook")
@click.option(
    "--session", metavar="RUN", help="The recorded session to compare with; else the newest."
)
@click.option(
    "--tolerance", type=click.FloatRange(min=0), default=1e-9, show_default=True, metavar="X",
    help="How much numbers may differ, absolutely or in proportion.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.IntRange(min=1), metavar="SECONDS", help="Stop a cell after that time."
)
@click.option(
    "--anyway", is_flag=True,
    help="Run it though it names its folder by an absolute path or wrote outside of it.",
)  # fmt: skip
@click.option("--keep", is_flag=True, help="Leave the copy in which it ran, and say where it is.")
@full_option
@json_option
@store_option
def command(
    notebook: str, session: str | None, tolerance: float, timeout: int | None, anyway: bool,
    keep: bool, full: bool, as_json: bool, store: str | None,
) -> int:  # fmt: skip
    """Run NOTEBOOK from top to bottom in a fresh kernel and compare what it gives with the record.

    It runs in a copy of the folder that holds the store (of the notebook's own folder, where that
    lies elsewhere), so that none of your files is written, with the parameters that the session was
    given. Compared are the files that it writes, what its cells show, tables, metrics, parameters,
    and which variables there are. Numbers may differ by the tolerance. Virtual environments, .git
    and .whence are not copied.
    """
    from pathlib import Path

    from whence._base.errors import NotKnownError, UsageError
    from whence.cli.output import write_json, write_lines
    from whence.jupyter.reproducing import Wanted, reproduce
    from whence.query.outline.reproduced import reproduced_lines

    wanted = Wanted(Path(notebook), session, tolerance, timeout, anyway, keep)
    with questions(store) as asked:
        if not asked.disk.is_here:
            raise UsageError("A notebook is run where it lies: whence reproduce on that machine")
        try:
            found = reproduce(asked, wanted)
        except NotKnownError as error:  # 1 is for what differs
            raise UsageError(str(error)) from error
    if as_json:
        write_json(found)
    else:
        write_lines(reproduced_lines(found.items, found.session, found.failure, full))
        if found.kept_in:
            click.echo(f"The copy is {os.fspath(found.kept_in)}", err=True)
    return 0 if found.is_same else DIFFERS
