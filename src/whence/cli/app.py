"""The command line: one module per command, each loaded when it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from whence._base.errors import NotKnownError, WhenceError
from whence.cli.settings import Settings, store_option

NOT_KNOWN, WRONG_USE, INTERRUPTED = 1, 2, 130

COMMANDS = {
    "run": "Run a Python program and record what it reads, writes and is.",
    "log": "List runs, newest first: what went in and what came out.",
    "show": "What, when, why, where, who and how of one run, file or digest.",
    "trace": "Everything upstream of a thing, as a tree.",
    "impact": "Everything downstream of a thing, as a tree.",
    "why": "The paths from one thing to another.",
    "diff": "What differs between two runs, and what doesn't.",
    "flow": "Which data fed which model in a run, or would in a script.",
    "columns": "What each column that a run read was for.",
    "ask": "Questions about learning: what a model learned from, how, and which one is best.",
    "search": "Find runs and files by a text in their names, parameters or tags.",
    "sparql": "Ask the record in SPARQL, as PROV-O and PROV-ML.",
    "sql": "Ask the record in SQL, read-only.",
    "export": "Write a run, a file or the store in a public standard's format.",
    "import": "Take a provenance document of a public standard into the store.",
    "check": "Check records or a document against the rules of PROV, and for slips of ML work.",
    "verify": "Hash what is on disk again and compare it with the record.",
    "reproduce": "Run a notebook anew and compare what it gives with the record.",
    "jupyter": "Record every notebook, whatever it is opened in.",
    "ui": "Look at the store in a browser.",
    "server": "Serve the projects of a team over HTTP.",
    "status": "The store: its size, its runs, and what is missing in it.",
    "push": "Send what is outstanding to the server.",
    "remote": "The server that the store is sent to.",
    "login": "Keep the token for a project of a server.",
    "project": "Make and list the projects of a server.",
    "token": "Make, list and revoke the tokens of a server.",
    "audit": "Who changed or took out what on a server.",
    "backup": "Copy a server's home, also while it runs.",
    "fold": "Take what was recorded into the index now.",
    "reindex": "Throw the index away and build it anew from the journal.",
    "schema": "Print the JSON Schema of the answers that --json gives.",
    "completions": "Print the completions for bash, zsh or fish.",
}
HIDDEN = frozenset({"fold"})


class LazyGroup(click.Group):
    """Knows its commands by name and loads the module of one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"whence.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        shown = [(name, text) for name, text in COMMANDS.items() if name not in HIDDEN]
        with formatter.section("Commands"):
            formatter.write_dl(shown)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what is near when there is no such command."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else "; see: whence --help"
            ctx.fail(f"There is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Record first: whence run train.py. Then ask: whence trace models/model.joblib",
)
@click.version_option(package_name="whence", message="whence %(version)s")
@store_option
@click.pass_context
def app(ctx: click.Context, store: str | None) -> None:
    """Ask any model, dataset or file where it came from and what it touched."""
    ctx.obj = Settings(store)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 found, 1 nothing known of it, 2 wrong use."""
    try:
        code = app.main(
            None if arguments is None else list(arguments),
            prog_name="whence",
            standalone_mode=False,
        )
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 0
    except click.ClickException as error:
        print(f"whence: {_one_line(error)}", file=sys.stderr)
        return WRONG_USE
    except WhenceError as error:
        print(f"whence: {error}", file=sys.stderr)
        return NOT_KNOWN if isinstance(error, NotKnownError) else WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        from whence.cli.output import silence

        silence()
        print(f"whence: {error.strerror or error}{_named(error)}", file=sys.stderr)
        return WRONG_USE
    return code if isinstance(code, int) else 0


def _one_line(error: click.ClickException) -> str:
    """What was wrong with the use, and where to read how it is right."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    if context is None or "see: " in message:
        return message
    return f"{message}; see: {context.command_path} --help"


def _named(error: OSError) -> str:
    return f": {os.fsdecode(error.filename)}" if error.filename else ""
