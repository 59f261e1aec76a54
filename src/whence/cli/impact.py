"""``whence impact``: everything downstream."""

from __future__ import annotations

import click

from whence.cli.lineage import draw, lineage_options
from whence.cli.settings import questions


@click.command(
    "impact",
    epilog="""\b
Examples:
  whence impact data/raw.csv
  whence impact data/raw.csv:income
  whence impact data/raw.csv --json | jq '.nodes[] | select(.kind == "model") | .name'
""",
)
@lineage_options
def command(
    thing: str, all_versions: bool, depth: int | None, limit: int | None, full: bool,
    as_json: bool, store: str | None,
) -> None:  # fmt: skip
    """Show everything downstream of THING as a tree: who used it, what they made, and so on.

    THING is a path, a digest or a run's id (or the unique start of either), or a name. A folder
    stands for every file recorded in it. FILE:COLUMN is one column of a table: the columns, models,
    metrics, predictions and files that it reaches are shown.
    """
    with questions(store) as asked:
        answer = asked.impact(thing, all_versions=all_versions, max_depth=depth, max_nodes=limit)
    draw(answer, full, as_json)
