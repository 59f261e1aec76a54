"""SPARQL on a store: the RDF store is brought up to the index, then asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, overload

from whence._base.errors import UsageError
from whence.service.index import index_place
from whence.service.questions import Questions, Thing, open_questions
from whence.standards.sparql.answer import Answer, answered
from whence.standards.sparql.lock import Lock, locked
from whence.standards.sparql.mirror import Mirror, require_pyoxigraph
from whence.standards.sparql.refusal import check

NAME = "rdf"
TIMEOUT_S = 60.0
LOCK_S = 600.0
"""How long to wait for another process that makes the RDF store."""


@contextmanager
def asking(
    asked: Questions,
    query: str,
    *,
    format: str = "any",
    timeout: float = TIMEOUT_S,
    rebuild: bool = False,
) -> Iterator[Answer]:
    """The answer to a query, see `sparql`. ``timeout`` counts from when the RDF store is ready."""
    if not 0 < timeout < 1e6:
        raise UsageError(f"A time limit is a number of seconds above 0, not {timeout}")
    require_pyoxigraph()
    check(query)
    mirror = Mirror(rdf_folder(asked), asked.store, asked.progress)
    with locked(mirror.folder, LOCK_S) as lock:
        _bring_up(mirror, lock, rebuild)
        with answered(mirror.triples, query, format, timeout, lock.fd) as answer:
            yield answer


def _bring_up(mirror: Mirror, lock: Lock, rebuild: bool) -> None:
    """Have the RDF store say what the index does, and hold the lock as a reader.

    Between two locks another process may change it, so it is looked at again; one that is whole
    is asked then even if the index has moved on.
    """
    lock.share()
    if rebuild or not mirror.is_current():
        lock.own()
        if rebuild:
            mirror.rebuild()
        else:
            mirror.follow()
        lock.share()
    while not mirror.is_whole():
        lock.own()
        mirror.follow()
        lock.share()


@overload
def sparql(
    query: str,
    *,
    format: None = None,
    timeout: float = TIMEOUT_S,
    rebuild: bool = False,
    store: Thing | None = None,
) -> list[dict[str, Any]]: ...


@overload
def sparql(
    query: str,
    *,
    format: Literal["json", "csv", "turtle", "ntriples"],
    timeout: float = TIMEOUT_S,
    rebuild: bool = False,
    store: Thing | None = None,
) -> bytes: ...


def sparql(
    query: str,
    *,
    format: Literal["json", "csv", "turtle", "ntriples"] | None = None,
    timeout: float = TIMEOUT_S,
    rebuild: bool = False,
    store: Thing | None = None,
) -> list[dict[str, Any]] | bytes:
    """What a SPARQL 1.1 query finds in the record, as PROV-O and PROV-ML.

    Each run has a named graph; without GRAPH or FROM all of them are asked. The prefixes prov,
    provml, whence, mls, rdf, rdfs and xsd are known.

    Args:
        query: SELECT, ASK, CONSTRUCT or DESCRIBE. Updates and SERVICE are refused.
        format: In which form, as bytes: json or csv for SELECT and ASK, turtle or ntriples for
            CONSTRUCT and DESCRIBE. Without one: a list of rows, each a dictionary by variable with
            Python values; ASK gives one row with ``answer``.
        timeout: Seconds after which the query is ended.
        rebuild: Make the RDF store anew first.
        store: The store to ask; the one of the working folder if None.

    Raises:
        UsageError: The query is wrong (the message has line and column), refused or took too long.
        MissingExtraError: pyoxigraph is not installed.
        StoreNotFoundError: There is no store here.

    Example:
        >>> whence.sparql("SELECT ?m { ?m a provml:Model }")  # doctest: +SKIP
    """
    with (
        open_questions(store) as asked,
        asking(asked, query, format=format or "json", timeout=timeout, rebuild=rebuild) as answer,
    ):
        if format is None:
            return answer.rows()
        return _bytes(answer)


def _bytes(answer: Answer) -> bytes:
    answer.file.seek(0)
    return answer.file.read()


def rdf_folder(asked: Questions) -> Path:
    """Where the RDF store lies."""
    return index_place(asked.folder)[0].with_name(NAME)
