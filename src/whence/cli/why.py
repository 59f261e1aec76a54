"""``whence why``: the paths between two things."""

from __future__ import annotations

import click

from whence.cli.lineage import draw
from whence.cli.settings import full_option, json_option, questions, store_option, thing_argument

NOTHING_BETWEEN = 1


@click.command(
    "why",
    epilog="""\b
Example:
  whence why data/raw.csv models/model.joblib
""",
)
@thing_argument("source")
@thing_argument("target")
@full_option
@json_option
@store_option
def command(source: str, target: str, full: bool, as_json: bool, store: str | None) -> int:
    """Show how SOURCE came to matter for TARGET: every path between the two, as a tree from TARGET.

    Each is a path, a digest or a run's id (or the unique start of either), or a name. A folder
    stands for every file recorded in it. The order does not matter: the one upstream is found.
    """
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    with questions(store) as asked:
        answer = asked.why(source, target)
    if not answer.nodes and not as_json:
        words = f"Nothing recorded leads from {escaped(source)} to {escaped(target)} or back"
        write_lines([(Piece(words),)])
    elif as_json:
        write_json(answer)
    else:
        draw(answer, full, as_json, "on the way")
    return 0 if answer.nodes else NOTHING_BETWEEN
