"""``whence completions``: what a shell needs to complete our commands."""

from __future__ import annotations

import click

VARIABLE = "_WHENCE_COMPLETE"


@click.command(
    "completions",
    epilog="""\b
Examples:
  whence completions bash >> ~/.bashrc
  whence completions zsh >> ~/.zshrc
  whence completions fish > ~/.config/fish/completions/whence.fish
""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completions for SHELL."""
    from click.shell_completion import get_completion_class

    from whence.cli.app import app

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"There are no completions for {shell}")
    click.echo(found(app, {}, "whence", VARIABLE).source())
