"""``whence search``: find things by a text."""

from __future__ import annotations

import click

from whence.cli.settings import json_option, questions, store_option

NOTHING_FOUND = 1


@click.command(
    "search",
    epilog="""\b
Examples:
  whence search churn
  whence search model.joblib --limit 5
""",
)
@click.argument("text")
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True,
    help="How many things at most.",
)  # fmt: skip
@json_option
@store_option
def command(text: str, limit: int, as_json: bool, store: str | None) -> int:
    """Find runs, files and other things by words in their names, parameters, tags or attributes."""
    from whence.cli.output import write_json, write_lines
    from whence.query.outline.label import label
    from whence.query.outline.line import Piece
    from whence.query.spelling import escaped

    with questions(store) as asked:
        answer = asked.search(text, limit)
    if as_json:
        write_json(answer)
    elif answer.nodes:
        write_lines(tuple(label(node)) for node in answer.nodes)
        if answer.completeness.truncated:
            write_lines([(Piece(f"the best {limit}; --limit N shows more", "dim"),)])
    else:
        write_lines([(Piece(f"Nothing recorded has the text {escaped(text)!r}"),)])
    return 0 if answer.nodes else NOTHING_FOUND
