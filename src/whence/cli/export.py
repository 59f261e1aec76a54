"""``whence export``: a run, a file or the whole store in a public standard's format."""

from __future__ import annotations

import sys

import click

from whence.cli.settings import path_completions, store_option, thing_argument
from whence.standards.format import broken, every, names


class ExportCommand(click.Command):
    """Lists the formats in its help: ours, and those that others have installed."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Formats"):
            formatter.write_dl(
                [
                    (one.name, one.title + (" (also read by whence import)" if one.reads else ""))
                    for one in every()
                    if one.writes
                ]
            )
        for why in broken():
            formatter.write_text(why)
        super().format_epilog(ctx, formatter)


@click.command(
    "export",
    cls=ExportCommand,
    epilog="""\b
Examples:
  whence export models/model.joblib --format turtle --with-upstream -o model.ttl
  whence export baseline --format ro-crate -o crate.zip
  whence export --all --format prov-json | gzip > store.json.gz
""",
)
@thing_argument(required=False)
@click.option(
    "--format", "format_", metavar="FORMAT", default="prov-jsonld", show_default=True,
    shell_complete=lambda ctx, parameter, start: [n for n in names() if n.startswith(start)],
    help="One of the formats below.",
)  # fmt: skip
@click.option("--with-upstream", is_flag=True, help="With all that lies upstream of it.")
@click.option("--all", "everything", is_flag=True, help="All that the store holds.")
@click.option(
    "-o", "--output", metavar="FILE", shell_complete=path_completions,
    help="Write to a file, which appears once it is whole; else to the terminal or pipe.",
)  # fmt: skip
@store_option
def command(
    thing: str | None, format_: str, with_upstream: bool, everything: bool,
    output: str | None, store: str | None,
) -> None:  # fmt: skip
    """Write THING and what belongs to it in a public standard's format.

    THING is a run (with its parts, what it used and made) or a file or model (with what made it
    and from what), by path, digest, id or name.
    """
    from whence.cli.settings import questions
    from whence.service.exchange import Exchange

    if (thing is None) != everything:
        raise click.UsageError("Name a THING to export, or give --all")
    with questions(store) as asked:
        exchange = Exchange(asked, asked.progress)
        if output is None:
            exchange.export(sys.stdout.buffer, thing, format_, with_upstream=with_upstream)
            sys.stdout.buffer.flush()
            return
        count = exchange.export_file(output, thing, format_, with_upstream=with_upstream)
    click.echo(f"Wrote {output}: {count} things", err=True)
