"""``whence import``: a document of a public standard into the store."""

from __future__ import annotations

import click

from whence.cli.settings import path_completions, store_option


@click.command(
    "import",
    epilog="""\b
Examples:
  whence import partner.provn
  whence import run.json --format prov-json
""",
)
@click.argument("file", shell_complete=path_completions)
@click.option(
    "--format", "format_", metavar="FORMAT",
    help="Its format, where the name's ending does not tell; see: whence export --help.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was taken as JSON.")
@store_option
def command(file: str, format_: str | None, as_json: bool, store: str | None) -> None:
    """Take the provenance document FILE into the store: as a whole, or not at all.

    Where there is no store, one is made in the working folder.

    What it says can then be asked with trace, impact, search and the rest. Importing the same
    document again changes nothing.
    """
    from whence.cli.output import write_json
    from whence.cli.settings import named_store, questions
    from whence.journal.home import create_store, store_to_record
    from whence.service.exchange import Exchange, read_document

    document = read_document(file, format_)
    folder, _ = store_to_record(named_store(store))
    create_store(folder)
    with questions(folder) as asked:
        taken = Exchange(asked).take(document)
    if as_json:
        write_json(taken)
        return
    if not taken.is_new:
        click.echo(f"{file} was imported before; nothing changed")
        return
    counted = ", ".join(f"{count} {_plural(what, count)}" for what, count in taken.counts.items())
    click.echo(f"Imported {file}: {counted}")
    for what, count in taken.left_out.items():
        click.echo(f"  not held by the record: {what} ({count})")


def _plural(what: str, count: int) -> str:
    if count == 1:
        return what
    return what[:-1] + "ies" if what.endswith("y") else what + "s"
