"""``whence sql``: ask the record in SQL."""

from __future__ import annotations

import click

from whence.cli.settings import path_completions, questions, store_option


class SqlCommand(click.Command):
    """Lists the views and their columns in its help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from whence.store.sqlite.views import VIEWS

        for view, columns in VIEWS.items():
            with formatter.section(f"View {view}"):
                formatter.write_dl([(one.name, f"{one.says} ({one.type})") for one in columns])
        super().format_epilog(ctx, formatter)


@click.command(
    "sql",
    cls=SqlCommand,
    epilog="""\b
Examples:
  whence sql "SELECT name, status, duration_s FROM runs ORDER BY started_at DESC"
  whence sql "SELECT run, max(last) FROM metrics WHERE key = 'acc' GROUP BY run" --format json
  whence sql -f question.sql --engine duckdb
""",
)
@click.argument("statement", required=False)
@click.option(
    "-f", "--file", "file", metavar="FILE", shell_complete=path_completions,
    help="Take the statement from a file; - is stdin.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True, help="How the rows are printed.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["sqlite", "duckdb"]), default="sqlite", show_default=True,
    help="Whose SQL it is; DuckDB must be installed.",
)  # fmt: skip
@click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0, min_open=True), default=60,
    show_default=True, help="End it after that time.",
)  # fmt: skip
@click.option(
    "--max-rows", metavar="N", type=click.IntRange(min=1), default=1_000_000, show_default=True,
    help="Refuse an answer of more rows.",
)  # fmt: skip
@store_option
def command(
    statement: str | None, file: str | None, format_: str, engine: str, timeout: float,
    max_rows: int, store: str | None,
) -> None:  # fmt: skip
    """Answer one SQL STATEMENT that reads the views below. Nothing can be changed."""
    from whence.cli.rows import write_rows
    from whence.cli.sparql import text_of
    from whence.service.sql import answer_sql
    from whence.store.sqlite.querying import Limits

    if (statement is None) == (file is None):
        raise click.UsageError("Give a STATEMENT, or a file that has it with -f")
    text = statement if statement is not None else text_of(str(file))
    with questions(store) as asked:
        found = answer_sql(asked, text, engine, Limits(timeout, max_rows))
    write_rows(found.columns, found.rows, format_)
