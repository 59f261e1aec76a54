"""The triples of each graph of a Turtle, TriG or N-Quads file, read by pyoxigraph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from whence._base.errors import DocumentError, MissingExtraError
from whence.standards.prov.rdf.iri import ANONYMOUS, given
from whence.standards.prov.statement import INTERNATIONALIZED, Literal, Name, Value

if TYPE_CHECKING:
    from collections.abc import Callable

Triple = tuple[str, str, Value]
"""Subject, property and object. A blank node's name is ``_:`` and its label."""

_UNNAMED = re.compile("[0-9a-f]{24,32}")


class Dataset:
    """What a file says. ``graphs``: the triples of each graph in order, by its name, empty for the
    default graph. ``namespaces``: the file's prefixes."""

    def __init__(self) -> None:
        self.graphs: dict[str, list[Triple]] = {"": []}
        self.namespaces: dict[str, str] = {}
        self.labels: dict[str, None] = {}


def parse(source: BinaryIO, syntax: str) -> Dataset:
    """What the file says. ``syntax`` is pyoxigraph's name of it (``TURTLE``).

    Raises DocumentError, with the line, where it is not well-formed.
    """
    try:
        import pyoxigraph
    except ImportError as error:
        raise MissingExtraError(
            "Reading RDF needs pyoxigraph. Run: pip install 'whence[rdf]'"
        ) from error
    dataset = Dataset()
    try:
        parser = pyoxigraph.parse(source, getattr(pyoxigraph.RdfFormat, syntax))
        _gather(parser, dataset, _reader_of(pyoxigraph, dataset))
    except SyntaxError as error:
        raise DocumentError(f"The file is no {_TITLES[syntax]}: {_reason(error)}.") from None
    except ValueError as error:
        raise DocumentError(f"The file is no {_TITLES[syntax]}: {error}.") from None
    dataset.namespaces = dict(parser.prefixes)
    _rename(dataset)
    return dataset


_TITLES = {"TURTLE": "Turtle", "TRIG": "TriG", "N_QUADS": "N-Quads"}


def _gather(parser: Any, dataset: Dataset, value_of: Callable[[Any], Value]) -> None:
    named: Any = None
    triples = dataset.graphs[""]
    default = True
    names: dict[str, str] = {}
    for subject, predicate, target, graph in parser:
        if graph != named:
            named = graph
            default = not hasattr(graph, "value")
            name = "" if default else _named(value_of(graph))
            triples = dataset.graphs.setdefault(name, [])
        about = _named(value_of(subject))
        term = predicate.value
        triples.append((about, names.setdefault(term, term), value_of(target)))


def _named(value: Value) -> str:
    assert isinstance(value, Name)
    return value.iri


def _reader_of(pyoxigraph: Any, dataset: Dataset) -> Callable[[Any], Value]:
    """A function that gives a term of pyoxigraph as a value."""
    labels = dataset.labels

    def blank(term: Any) -> Value:
        labels.setdefault(term.value)
        return Name(f"_:{term.value}")

    def literal(term: Any) -> Value:
        language = term.language
        if language is None:
            return Literal(term.value, term.datatype.value)
        if term.direction is not None:
            raise DocumentError(
                f"The text {term.value[:80]!r} has a direction, which PROV has no place for. "
                "Leave the direction out."
            )
        return Literal(term.value, INTERNATIONALIZED, language)

    def triple(term: Any) -> Value:
        raise DocumentError(
            f"{str(term)[:200]} is a triple within a triple, which PROV has no place for. "
            "Leave it out."
        )

    readers: dict[type, Callable[[Any], Value]] = {
        pyoxigraph.NamedNode: lambda term: Name(term.value),
        pyoxigraph.BlankNode: blank,
        pyoxigraph.Literal: literal,
        pyoxigraph.Triple: triple,
    }
    return lambda term: readers[type(term)](term)


def _rename(dataset: Dataset) -> None:
    """Give blank nodes their label from before writing, and a steady one to those without.

    The parser labels ``[]`` by chance, so two readings of one file would differ.
    """
    labels = dataset.labels
    escaped = any(given(label) != label for label in labels)
    names: dict[str, str] = {}
    count = 0
    for label in labels:
        before = given(label)
        if before != label:
            names[f"_:{label}"] = f"_:{before}"
        elif _UNNAMED.fullmatch(label) or (escaped and label.startswith(ANONYMOUS)):
            count += 1
            while f"b{count}" in labels:
                count += 1
            names[f"_:{label}"] = f"_:b{count}"
    if not names:
        return

    def renamed(value: Value) -> Value:
        if isinstance(value, Name) and value.iri in names:
            return Name(names[value.iri])
        return value

    dataset.graphs = {
        names.get(graph, graph): [
            (names.get(about, about), term, renamed(value)) for about, term, value in triples
        ]
        for graph, triples in dataset.graphs.items()
    }


def _reason(error: SyntaxError) -> str:
    text = error.msg.removeprefix("Parser error at ")
    return (
        f"{text[:300].rstrip('.')}" if text.startswith("line") else f"line {error.lineno}: {text}"
    )
