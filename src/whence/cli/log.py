"""``whence log``: the runs, newest first."""

from __future__ import annotations

import click

from whence.cli.settings import json_option, questions, store_option


@click.command(
    "log",
    epilog="""\b
Examples:
  whence log
  whence log --filter "params.lr > 0.01 and metrics.acc >= 0.9" --order-by "metrics.acc desc"
  whence log --filter "status = 'failed' and start_time > '2026-11-01'" --show params.lr

Fields: run_id, name, status, kind, start_time, end_time, user, commit, host, experiment, and
params., metrics. and tags. with a key (quoted if need be: params."learning rate"). Operators:
= != < <= > >=, LIKE, ILIKE, IN, IS NULL, with AND, OR, NOT and parentheses.
""",
)
@click.option("--filter", "filter_", metavar="FILTER", help="Only the runs for which this holds.")
@click.option("--order-by", metavar="FIELDS", help='Such as "metrics.acc desc, start_time".')
@click.option(
    "-n", "--limit", type=click.IntRange(min=0), default=30, show_default=True,
    help="How many runs; 0 for all.",
)  # fmt: skip
@click.option(
    "--show", "columns", multiple=True, metavar="FIELD",
    help="One more column, such as params.lr or metrics.acc; may be given several times.",
)  # fmt: skip
@json_option
@store_option
def command(
    filter_: str | None, order_by: str | None, limit: int,
    columns: tuple[str, ...], as_json: bool, store: str | None,
) -> None:  # fmt: skip
    """List runs, newest first: id, name, status, time, commit, what went in and what came out."""
    from msgspec.structs import replace

    from whence.cli.output import width, write_json, write_lines
    from whence.query.outline.closing import gap_lines
    from whence.query.outline.runs import more_line, none_line, run_lines

    with questions(store) as asked:
        found = asked.runs(filter_, order_by, limit or None, fields=columns, whole=as_json)
    if as_json:
        write_json(found)
    elif found.nodes:
        write_lines(run_lines(found.nodes, width(), columns, nested=not order_by))
        write_lines(gap_lines(replace(found.completeness, truncated=[])))
        if found.completeness.truncated:
            write_lines([more_line(len(found.nodes))])
    else:
        write_lines([none_line(filter_ is not None)])
