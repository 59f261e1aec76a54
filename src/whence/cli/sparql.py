"""``whence sparql``: ask the record in SPARQL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from whence.cli.settings import path_completions, questions, store_option

if TYPE_CHECKING:
    from whence.standards.sparql.answer import Answer


@click.command(
    "sparql",
    epilog="""\b
Examples:
  whence sparql "SELECT ?model ?name { ?model a provml:Model; rdfs:label ?name }"
  whence sparql -f question.rq --format csv > answer.csv
  whence sparql "CONSTRUCT WHERE { ?a prov:used ?b }" --format turtle
""",
)
@click.argument("query", required=False)
@click.option(
    "-f", "--file", "file", metavar="FILE", shell_complete=path_completions,
    help="Take the query from a file; - is stdin.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "csv", "turtle", "ntriples"]),
    default="table", show_default=True,
    help="json and csv are SPARQL's own; graphs (CONSTRUCT) are Turtle unless ntriples is asked.",
)  # fmt: skip
@click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0, min_open=True), default=60,
    show_default=True, help="End the query after that time.",
)  # fmt: skip
@click.option("--rebuild", is_flag=True, help="Make the RDF store anew first.")
@store_option
def command(
    query: str | None, file: str | None, format_: str, timeout: float, rebuild: bool,
    store: str | None,
) -> None:  # fmt: skip
    """Answer a SPARQL 1.1 QUERY on the record as PROV-O and PROV-ML.

    Each run is a named graph; without GRAPH or FROM all are asked. The prefixes prov, provml,
    whence, mls, rdf, rdfs and xsd are known. Updates and SERVICE are refused.
    """
    from whence.cli.output import silence
    from whence.service.sparql import asking

    if (query is None) == (file is None):
        raise click.UsageError("Give a QUERY, or a file that has it with -f")
    text = query if query is not None else text_of(str(file))
    wanted = "any" if format_ == "table" else format_
    with (
        questions(store) as asked,
        asking(asked, text, format=wanted, timeout=timeout, rebuild=rebuild) as answer,
    ):
        if format_ == "table" and answer.kind == "table":
            _write_table(answer)
            return
        try:
            sys.stdout.flush()
            answer.copy_to(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            silence()


def text_of(file: str) -> str:
    """What a file, or stdin, holds. Raises UsageError where it is no text."""
    from whence._base.errors import UsageError

    try:
        with click.open_file(file, "r", encoding="utf-8") as source:
            return str(source.read())
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text in UTF-8") from error


def _write_table(answer: Answer) -> None:
    from whence.cli.rows import write_rows

    names, found = answer.terms()
    write_rows(names, [[_shown(row.get(name)) for name in names] for row in found], "table")


def _shown(term: dict[str, Any] | None) -> Any:
    """A term as a table has it: names with their prefix, values as they are."""
    from whence.standards.sparql.answer import value_of_term
    from whence.standards.vocabulary.terms import PREFIXES

    if term is None:
        return None
    value = value_of_term(term)
    if term["type"] == "uri":
        for prefix, namespace in PREFIXES.items():
            rest = value.removeprefix(namespace)
            if rest != value and rest.replace("_", "").isalnum():
                return f"{prefix}:{rest}"
        return f"<{value}>"
    return value
