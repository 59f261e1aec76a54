"""One query answered by a child process, which is ended when the time is up."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from whence._base.errors import StoreError, UsageError
from whence.standards.prov.statement import XSD_STRING, Literal
from whence.standards.record.literal import value_of
from whence.standards.sparql.confinement import OUTPUT_BYTES
from whence.standards.sparql.refusal import check, has_dataset
from whence.standards.vocabulary.terms import PREFIXES

GRAPHS, TABLES = ("turtle", "ntriples"), ("json", "csv")
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_TRIPLE = ("subject", "predicate", "object")
SHOWN_AT_MOST = 6
"""Of what might stand at the place of a mistake; the parser lists whole alphabets."""


class Answer:
    """What a query gave: a ``table`` (SELECT, ASK) or a ``graph``, by its ``kind``.

    ``file`` has it in ``format``.
    """

    def __init__(self, file: BinaryIO, kind: str, format: str) -> None:
        self.file, self.kind, self.format = file, kind, format

    def copy_to(self, out: BinaryIO) -> None:
        """Write the answer as it is."""
        self.file.seek(0)
        shutil.copyfileobj(self.file, out)

    def terms(self) -> tuple[list[str], list[dict[str, Any]]]:
        """The variables, and for each row the terms, as SPARQL's JSON has them.

        Raises UsageError where the answer is not JSON.
        """
        self.file.seek(0)
        if self.format != "json":
            raise UsageError(f"The answer is in {self.format}; only JSON has rows")
        said = json.loads(self.file.read())
        if "boolean" in said:
            value = {"type": "literal", "value": str(said["boolean"]).lower()}
            return ["answer"], [{"answer": {**value, "datatype": PREFIXES["xsd"] + "boolean"}}]
        return said["head"]["vars"], said["results"]["bindings"]

    def rows(self) -> list[dict[str, Any]]:
        """The rows with their values; None where a variable is not bound."""
        names, found = self.terms()
        return [
            {name: value_of_term(row[name]) if name in row else None for name in names}
            for row in found
        ]


def value_of_term(term: dict[str, Any]) -> Any:
    """The value of a literal, the IRI of a name; a text where a literal is none of its type."""
    from whence._base.errors import DocumentError

    if term["type"] == "triple":
        return tuple(value_of_term(term["value"][part]) for part in _TRIPLE)
    if term["type"] != "literal":
        return f"_:{term['value']}" if term["type"] == "bnode" else term["value"]
    try:
        return value_of(Literal(term["value"], term.get("datatype", XSD_STRING)))
    except DocumentError:
        return term["value"]


@contextmanager
def answered(
    triples: Path, query: str, format: str, timeout_s: float, lock_fd: int
) -> Iterator[Answer]:
    """The answer to a query on the RDF store in a folder.

    ``format`` is one of `GRAPHS` and `TABLES`, or ``any``: JSON or Turtle, whichever fits.
    Raises UsageError for a query that is wrong, refused, or takes longer than ``timeout_s``.
    """
    check(query)
    with tempfile.TemporaryFile() as file:
        said = _run(_request(triples, query, format, timeout_s), timeout_s, lock_fd, file)
        if "error" in said:
            raise _told(said)
        kind, chosen = said["kind"], said["format"]
        fitting = GRAPHS if kind == "graph" else TABLES
        if chosen not in fitting:
            raise UsageError(
                f"{'This query gives a graph' if kind == 'graph' else 'This query gives rows'};"
                f" it can be written as {' or '.join(fitting)}, not as {chosen}"
            )
        yield Answer(file, kind, chosen)


def _request(triples: Path, query: str, format: str, timeout_s: float) -> bytes:
    request = {
        "triples": os.fspath(triples), "query": query, "format": format, "timeout_s": timeout_s,
        "prefixes": PREFIXES, "union": not has_dataset(query),
    }  # fmt: skip
    try:
        return json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise UsageError("The query holds half a character; write it as UTF-8") from error


def _run(request: bytes, timeout_s: float, lock_fd: int, file: BinaryIO) -> dict[str, Any]:
    """What the child said of its answer, which stands in ``file`` then."""
    environment = {name: value for name, value in os.environ.items() if name != "WHENCE_RUN"}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "whence.standards.sparql.child"],
        stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE, env=environment,
        pass_fds=(lock_fd,),
    ) as child:  # fmt: skip
        try:
            _, told = child.communicate(request, timeout_s)
        except subprocess.TimeoutExpired:
            child.kill()
            raise UsageError(
                f"The query took longer than {timeout_s:g} s and was ended. Ask for less, or give"
                " it more time: --timeout SECONDS"
            ) from None
        except BaseException:
            child.kill()
            raise
    return _said(told, child.returncode)


def _said(told: bytes, code: int) -> dict[str, Any]:
    last = told.strip().rpartition(b"\n")[2]
    try:
        said = json.loads(last)
    except ValueError:
        said = None
    if isinstance(said, dict):
        return said
    if code == -signal.SIGXFSZ:
        return {"error": "size"}
    if code in (-signal.SIGABRT, -signal.SIGKILL):
        return {"error": "memory"}
    return {"error": "other", "message": f"the query's process ended with {code}"}


def _told(said: dict[str, Any]) -> UsageError | StoreError:
    error, message = said["error"], said.get("message", "")
    if error == "syntax":
        return UsageError(_syntax(message))
    if error == "memory":
        return UsageError("The query needs more memory than there is. Ask for less at once")
    if error == "size" or said.get("errno") == 27:
        return UsageError(
            f"The answer has more than {OUTPUT_BYTES >> 20} MiB. Ask for less: add a LIMIT"
        )
    if error == "os" and said.get("errno") == 13:
        return UsageError("The query asks another machine, which is never done")
    return StoreError(f"The query could not be answered: {message}. Try: whence sparql --rebuild")


def _syntax(message: str) -> str:
    """Where the query is wrong and what might stand there, shortly."""
    match = _PLACE.match(message)
    if match is None:
        return f"The query is no SPARQL that can be read: {message}"
    line, column, expected = match.groups()
    listed = expected.removeprefix("expected ").removeprefix("one of ").split(", ")
    reasons = [one for one in listed if " " in one and one[:1].isalpha()]
    if reasons:
        return f"The query is wrong at line {line}, column {column}: {reasons[0]}"
    clear = [one for one in listed if one[:1] not in "['" and "\\" not in one and len(one) < 80]
    shown = ", ".join(clear[:SHOWN_AT_MOST])
    more = ", or other" if len(clear) > SHOWN_AT_MOST else ""
    hint = f"; expected: {shown}{more}" if shown else ""
    return f"The query is wrong at line {line}, column {column}{hint}"
