"""What all commands share: which store is asked, and in which form the answer is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from whence.service.questions import Questions

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass
class Settings:
    """``store`` is what ``--store`` names, None to look for one."""

    store: str | None = None


def thing_argument(name: str = "thing", *, required: bool = True) -> Callable[[Function], Function]:
    """An argument that names a thing; a shell completes it as a path, which it mostly is."""
    return click.argument(name, required=required, shell_complete=path_completions)


def path_completions(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What has a shell offer the files that begin so."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def store_option(function: Function) -> Function:
    """``--store PATH|URL``, as WHENCE_HOME."""
    return click.option(
        "--store",
        metavar="PATH|URL",
        help="The store: a .whence folder or what holds it, or https://HOST/projects/NAME.",
    )(function)


def json_option(function: Function) -> Function:
    """``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print the answer as JSON; see: whence schema."
    )(function)


def full_option(function: Function) -> Function:
    """``--full``: no group of the drawing is shortened."""
    return click.option(
        "--full", is_flag=True, help="List every entry of long groups, which are shortened else."
    )(function)


def named_store(store: str | None) -> str | None:
    """What ``--store`` names, after the command or before it."""
    inherited = click.get_current_context().find_object(Settings)
    return store or (inherited.store if inherited else None)


def local_store(store: str | None) -> str:
    """The store on this machine that is named, else the nearest; also where a server is named."""
    from whence.journal.home import is_remote, locate_store

    named = named_store(store)
    return locate_store(".", None if is_remote(named) else named)


@contextmanager
def questions(store: str | None) -> Iterator[Questions]:
    """The store to ask, folded up to now, with progress on stderr when that takes a while."""
    from whence.cli.progress import Progress
    from whence.service.questions import open_questions

    with (
        Progress() as progress,
        open_questions(named_store(store), progress=progress.report) as asked,
    ):
        yield asked
