"""``whence jupyter``: whether notebooks are recorded without being asked."""

from __future__ import annotations

import click

_HERE = "in one notebook: %load_ext whence"

profile_option = click.option(
    "--profile", default="default", metavar="NAME", show_default=True,
    help="The IPython profile that the kernels use.",
)  # fmt: skip


@click.group(
    "jupyter",
    epilog="""\b
Examples:
  whence jupyter enable
  whence jupyter status
  whence jupyter disable
""",
)
def command() -> None:
    """Record every notebook, whatever it is opened in.

    The kernel records, so it is the same in JupyterLab, Notebook, VS Code and in a terminal's
    IPython. Without this a notebook is recorded from where it says %load_ext whence.
    """


@command.command("enable", epilog="\b\nExample:\n  whence jupyter enable\n")
@profile_option
def enable_(profile: str) -> int:
    """Record in every kernel that starts from now on.

    Puts one file into the startup folder of the IPython profile, and changes nothing else.
    """
    from whence.jupyter.enabling import enable, startup_file

    changed = enable(profile)
    said = "Kernels that start from now on record" if changed else "Kernels record already"
    click.echo(f"{said}: {startup_file(profile)}\nTake it back: whence jupyter disable")
    return 0


@command.command("disable", epilog="\b\nExample:\n  whence jupyter disable\n")
@profile_option
def disable_(profile: str) -> int:
    """Record only notebooks that say so. Kernels that run go on as they are."""
    from whence.jupyter.enabling import disable, startup_file

    if disable(profile):
        click.echo(f"Removed {startup_file(profile)}; kernels record where asked: {_HERE}")
    else:
        click.echo(f"There was nothing to remove; kernels record where asked: {_HERE}")
    return 0


@command.command("status", epilog="\b\nExample:\n  whence jupyter status\n")
@profile_option
def status_(profile: str) -> int:
    """Say whether kernels record without being asked; the exit code is 1 when they don't."""
    from whence.jupyter.enabling import is_enabled, startup_file

    if is_enabled(profile):
        click.echo(f"Every kernel that starts records: {startup_file(profile)}")
        return 0
    click.echo(f"Kernels record only where asked, {_HERE}; all of them: whence jupyter enable")
    return 1
