"""``whence run``: its help, and the way there when options stand before it."""

from __future__ import annotations

import click

from whence.cli.settings import Settings, path_completions

HELP = """Run a Python program and record what it reads, writes and is.

The program behaves as under plain python: same process, arguments, exit code, signals and terminal.
Options of whence run come first, then flags of the interpreter, then the program and all that
belongs to it.

\b
  --name NAME          what to call the run; else the script's name
  --experiment NAME    the experiment that the run is part of
  --tag KEY=VALUE      a tag of the run; may be given several times
  --store PATH|URL     the store to record into; else .whence here or above, else a new one here.
                       With a URL, https://HOST/projects/NAME, it is sent to that server meanwhile

A notebook is run from top to bottom in a fresh kernel, without a browser. Its options follow it.
It is left as it is unless --inplace is given; what failed is told with its traceback.

\b
  --output PATH        write the notebook with its outputs there, also when a cell failed
  --inplace            write the outputs into the notebook itself
  -p NAME VALUE        set a variable after the cell tagged "parameters"; may be given several times
  --timeout SECONDS    interrupt a cell that takes longer
  --cwd DIR            the kernel's working folder; else the notebook's
  --kernel NAME        the kernel to run it with; else the one it names

The exit code is that of the program; of a notebook, 1 when a cell failed, 130 when interrupted.

\b
Example:
  whence run train.py --epochs 3
  whence run --name baseline -m package.train --epochs 3
  whence run -X dev -c 'print(open("data.csv").read())'
  whence run train.ipynb -p epochs 3 --output executed.ipynb
"""


@click.command(
    "run",
    help=HELP,
    options_metavar="[OPTIONS] [PYTHON FLAGS] (SCRIPT | -m MODULE | -c CODE | - | NOTEBOOK)",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=True,
)
@click.argument(
    "words", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENTS]...",
    shell_complete=path_completions,
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> int:
    """Launch the program, which does not return when that works, or run the notebook."""
    from whence.capture.launch.command import launch

    settings = ctx.find_object(Settings)
    store = ["--store", settings.store] if settings and settings.store else []
    code = launch([*store, *words])
    if code is not None:
        return code
    from whence.cli.notebook import run

    return run([*store, *words])
