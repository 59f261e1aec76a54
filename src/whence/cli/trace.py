"""``whence trace``: everything upstream."""

from __future__ import annotations

import click

from whence.cli.lineage import draw, lineage_options
from whence.cli.settings import questions


@click.command(
    "trace",
    epilog="""\b
Examples:
  whence trace models/model.joblib
  whence trace models/model.joblib --columns
  whence trace models/model.joblib --json | jq '.nodes[].name'
  whence trace reports/scores.json --depth 3
""",
)
@click.option(
    "--columns", is_flag=True,
    help="Also each feature and label of the models, back to the columns of the files.",
)  # fmt: skip
@lineage_options
def command(
    thing: str, columns: bool, all_versions: bool, depth: int | None, limit: int | None, full: bool,
    as_json: bool, store: str | None,
) -> None:  # fmt: skip
    """Show everything upstream of THING as a tree: what made it, from what, and so on.

    THING is a path, a digest or a run's id (or the unique start of either), or a name. A folder
    stands for every file recorded in it.
    """
    with questions(store) as asked:
        answer = asked.trace(
            thing, all_versions=all_versions, max_depth=depth, max_nodes=limit, columns=columns
        )
    draw(answer, full, as_json)
