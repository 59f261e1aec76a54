"""Asking the questions of `whence.query.ask` by the names of things: the call, and the SPARQL."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from textwrap import indent
from typing import TYPE_CHECKING, Any

from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.query.ask import answer
from whence.query.ask.flat import Record, records
from whence.query.ask.registry import QUESTIONS, Argument, Question, text_of
from whence.query.outline.ask import ask_lines
from whence.query.outline.line import Line
from whence.query.plain import clean, plain
from whence.service.reply import Printed, frame
from whence.standards.prov.statement import XSD_STRING, Name
from whence.standards.record.literal import literal
from whence.standards.record.names import ATTRIBUTE, iri_of, key_iri
from whence.store.protocol import Node, Store

if TYPE_CHECKING:
    import pandas as pd

Find = Callable[[Any], Node]
"""The node that a path, digest, id or name names."""

_GIVEN = re.compile(r"^( *)# given (\w+)\n", re.M)


class Asked(Printed, answer.Asked[Any], frozen=True):
    """The answer to a question about learning: ``rows`` as the question describes them, and
    ``completeness``."""

    def lines(self) -> Iterable[Line]:
        return ask_lines(self.records(), self.completeness)

    def records(self) -> list[Record]:
        """The rows as flat records, one value in each."""
        return [record for row in self.rows for record in records(row)]

    def to_pandas(self) -> pd.DataFrame:
        """The flat records as a table. Raises MissingExtraError without pandas."""
        return frame(self.records(), ())


def ask(store: Store, find: Find, question: str, arguments: Mapping[str, Any]) -> Asked:
    """The answer to the question with that id.

    Raises UsageError for a question or arguments that there are not, NotKnownError and
    AmbiguousError for things.
    """
    asked = named(question)
    given, told = _resolved(asked, arguments, find)
    called = {k: v.number if isinstance(v, Node) else v for k, v in given.items()}
    found = asked.call(store, **called)
    return Asked({"question": asked.id, **told}, found.rows, found.completeness)


def sparql(store: Store, find: Find, question: str, arguments: Mapping[str, Any]) -> str:
    """The question in SPARQL, over what ``whence export --all`` gives as RDF. Errors are those of
    `ask`, but no argument is needed: without it the question is asked of all."""
    asked = named(question)
    given, _ = _resolved(asked, arguments, find, all_needed=False)
    lines = {
        name: _stated(name, _iri_of(store, value) if isinstance(value, Node) else value)
        for name, value in given.items()
    }
    return _filled(asked, lines)


def general(question: str) -> str:
    """The question in SPARQL, asked of all things; raises UsageError where there is none."""
    asked = named(question)
    defaults = {one.name: one.default for one in asked.arguments if one.default is not None}
    return _filled(asked, {name: _stated(name, value) for name, value in defaults.items()})


def _filled(question: Question, lines: Mapping[str, str]) -> str:
    """The text with lines for the arguments that there are."""
    return _GIVEN.sub(
        lambda match: indent(lines[match[2]], match[1]) if match[2] in lines else match[0],
        question.sparql,
    )


def named(question: str) -> Question:
    """The question with that id; raises UsageError, which lists all, when there is none."""
    found = QUESTIONS.get(question)
    if found is None:
        raise UsageError(f"There is no question {question!r}; there are: {', '.join(QUESTIONS)}")
    return found


def _resolved(
    question: Question, arguments: Mapping[str, Any], find: Find, *, all_needed: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments as the call takes them, and as the answer repeats them."""
    known = {one.name: one for one in question.arguments}
    for name in arguments:
        if name not in known:
            raise UsageError(
                f"Question {question.id} has no argument {name!r}; it has: {', '.join(known)}"
            )
    values: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for name, one in known.items():
        value = arguments.get(name, one.default)
        if value is None:
            if one.is_required and all_needed:
                raise UsageError(f"Question {question.id} needs {name}: {one.meaning}")
            continue
        values[name], told[name] = _value(one, value, find)
    return values, told


def _value(argument: Argument, value: Any, find: Find) -> tuple[Any, Any]:
    if argument.sort == "thing":
        node = find(value)
        shown = {"thing": clean(os.fsdecode(value)), "id": format_id(node.uid)}
        return node, shown
    if argument.sort == "given":
        if not isinstance(value, Mapping) or not value:
            raise UsageError(f"{argument.name} is a mapping of names to values; it is {value!r}")
        return dict(value), plain(value)
    if argument.sort == "keys":
        if isinstance(value, str) or not isinstance(value, Collection):
            raise UsageError(f"{argument.name} are names in a list; it is {value!r}")
        return list(value), [clean(key) for key in value]
    if not isinstance(value, str):
        raise UsageError(f"{argument.name} is a text; it is {value!r}")
    return value, clean(value)


def _iri_of(store: Store, node: Node) -> Name:
    return Name(iri_of(node.uid, store.attributes(node.number).get("iri")))


def _stated(name: str, value: Any) -> str:
    """What an argument is in SPARQL, in lines."""
    if isinstance(value, Name):
        return f"VALUES ?{name} {{ {_iri(value.iri)} }}\n"
    if isinstance(value, Mapping):
        return "".join(_condition(*item, n) for n, item in enumerate(value.items(), 1))
    if isinstance(value, list):
        keys = " ".join(_iri(key_iri(ATTRIBUTE, key)) for key in value)
        return f"VALUES ?key {{ {keys} }}\n"
    variable = "within" if name == "section" else name
    return f"VALUES ?{variable} {{ {_text(value)} }}\n"


def _condition(key: str, value: Any, number: int) -> str:
    """That a set was generated for a value: a copy of ``given.rq``."""
    one = literal(value)
    spelled = _text(one.text) + ("" if one.datatype == XSD_STRING else f"^^{_iri(one.datatype)}")
    stated = {
        "<@attribute>": _iri(key_iri(ATTRIBUTE, key)), "@key": _text(key), "@value": spelled,
        "@n": str(number),
    }  # fmt: skip
    pattern = re.compile("|".join(stated))
    return pattern.sub(lambda match: stated[match[0]], text_of("given.rq"))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _iri(iri: str) -> str:
    """An IRI in angle brackets; what may not stand there is escaped."""
    escaped = re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda match: f"%{ord(match[0]):02X}", iri)
    return f"<{escaped}>"
