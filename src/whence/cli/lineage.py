"""What ``trace``, ``impact`` and ``why`` share: their options, and how their answers are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whence.cli.settings import Function, full_option, json_option, store_option, thing_argument

if TYPE_CHECKING:
    from whence.service.reply import Lineage


def lineage_options(function: Function) -> Function:
    """THING, ``--all-versions``, ``--depth``, ``--limit``, ``--full``, ``--json``, ``--store``."""
    for add in (
        store_option,
        json_option,
        full_option,
        click.option(
            "--limit", type=click.IntRange(min=1), metavar="N",
            help="At most N nodes; what is cut is said. Without it the answer is whole.",
        ),
        click.option(
            "--depth", type=click.IntRange(min=1), metavar="N",
            help="At most N steps away; what is cut is said. Without it the answer is whole.",
        ),
        click.option(
            "--all-versions", is_flag=True, help="Also of the other versions recorded at the path."
        ),
        thing_argument(),
    ):  # fmt: skip
        function = add(function)
    return function


def draw(answer: Lineage, full: bool, as_json: bool, extent: str = "") -> None:
    """Print the answer as a tree with its closing line, or as JSON."""
    from whence.cli.notes import note_lines
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.closing import closing_lines

    if as_json:
        write_json(answer)
        return
    write_lines(answer.drawing(full))
    write_lines(note_lines(answer.query))
    write_lines(closing_lines(answer, extent) if extent else answer.closing())
