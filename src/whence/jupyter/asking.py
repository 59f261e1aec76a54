"""The answers to ``%whence``: each a text, and a drawing where there is something to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.capture.session import Session
from whence.jupyter.flowpicture import columns_picture, flow_picture
from whence.jupyter.naming import Named, Names
from whence.jupyter.picture import Picture, outline
from whence.jupyter.pictures import lineage_picture, reached_from
from whence.model.relation import Relation
from whence.observers.live import CHANGED
from whence.query.answer import Answer, Completeness
from whence.query.lineage import closure_answer
from whence.query.outline.closing import ended
from whence.query.outline.line import Line, Piece, plain_text
from whence.query.spelling import count, escaped
from whence.service.questions import Questions, open_questions
from whence.service.reply import ColumnImpact, Lineage


class Told(NamedTuple):
    """An answer: its text, and what to draw of it, None where there is nothing."""

    text: str
    picture: Picture | None = None


def answer(words: Any, names: Names, session: Session | None) -> Told:
    """The answer to the question that the words ask, with what was recorded until now.

    Raises the errors of the questions.
    """
    things = [names.thing(word) for word in getattr(words, "things", ())]  # may record a new state
    store = None if session is None else session.store_path
    with open_questions(store) as asked:
        return _Answering(asked, words, things, names, session).answer()


class _Answering:
    """One question to one open store."""

    def __init__(
        self,
        asked: Questions,
        words: Any,
        things: list[Named],
        names: Names,
        session: Session | None,
    ) -> None:
        self._asked, self._words, self._names = asked, words, names
        self._things, self._named = [one.thing for one in things], things
        self._session = session

    def answer(self) -> Told:
        question: Callable[[], Told] = getattr(self, f"_{self._words.question}")
        return question()

    def _thing(self) -> str:
        """What is asked about; this session where nothing is named."""
        things = self._things
        if len(things) > 1:
            raise UsageError(f"%whence {self._words.question} takes one thing")
        return things[0] if things else self._this_session()

    def _this_session(self) -> str:
        if self._session is None:
            raise UsageError("Nothing is recorded in this notebook; name a thing to ask about")
        return format_id(self._session.run)

    def _trace(self) -> Told:
        words = self._words
        return self._lineage(
            self._asked.trace(self._thing(), columns=words.columns, **self._limits())
        )

    def _impact(self) -> Told:
        thing = self._thing()
        if not self._named[0].is_object or self._session is None:
            return self._lineage(self._asked.impact(thing, **self._limits()))
        first = self._first_state(thing)
        found, names = self._impact_of_object(first), self._names.by_id()
        names[first] = self._words.things[0]
        picture = lineage_picture(found, _sentence(found.closing()), names)
        return Told("\n".join(outline(picture)), picture)

    def _impact_of_object(self, thing: str) -> Lineage:
        """What an object in memory led to: what the index has, and what was inferred of its run.

        What learned from a frame is known from the code between; that is joined to runs.
        """
        found = self._asked.impact(thing, **self._limits())
        whole = self._asked.impact(self._this_session())
        joined, closed = _joined(found, whole), set[str]()
        while new := (reached := reached_from(joined, thing)) - closed:
            closed |= new
            seeds = [self._asked.node_of(one).number for one in new]
            joined = _joined(joined, closure_answer(self._asked.store, seeds, "down"))
        return msgspec.structs.replace(
            joined,
            nodes=[node for node in joined.nodes if node.id in reached],
            edges=[edge for edge in joined.edges if {edge.source, edge.target} <= reached],
            completeness=whole.completeness,
        )

    def _first_state(self, thing: str) -> str:
        """What an object was when it was first seen: from there leads all that it came to."""
        asked = self._asked
        node, seen = asked.node_of(thing), set[int]()
        while node.number not in seen:
            seen.add(node.number)
            for edge in asked.store.edges_at(node.number, "up"):
                if edge.relation == Relation.WAS_DERIVED_FROM and edge.role == CHANGED:
                    (node,) = asked.store.nodes([edge.target])
                    break
        return format_id(node.uid)

    def _limits(self) -> dict[str, Any]:
        words = self._words
        return {
            "all_versions": words.all_versions, "max_depth": words.depth, "max_nodes": words.limit,
        }  # fmt: skip

    def _why(self) -> Told:
        source, target = self._things
        found = self._asked.why(source, target)
        if not found.nodes:
            first, second = (escaped(word) for word in self._words.things)
            return Told(f"Nothing recorded leads from {first} to {second} or back")
        ends = [format_id(self._asked.node_of(one).uid) for one in (source, target)]
        return self._lineage(found, ends)

    def _lineage(self, found: Lineage, ends: Sequence[str] = ()) -> Told:
        closing = list(found.closing())
        text = plain_text([*found.drawing(self._words.full), *closing])
        names, columns = self._names.by_id(), isinstance(found, ColumnImpact)
        picture = lineage_picture(
            found if columns else found.drawn(),
            _sentence(closing),
            names,
            columns=columns,
            ends=ends,
        )
        return Told(text, picture)

    def _flow(self) -> Told:
        from whence.query.outline.flow import flow_lines

        found = self._asked.flow(self._thing())
        caption = self._caption(found.completeness, count(len(found.edges), "edge"))
        return Told(plain_text(flow_lines(found, self._words.full)), flow_picture(found, caption))

    def _columns(self) -> Told:
        found = self._asked.columns(self._thing())
        caption = self._caption(found.completeness, count(len(found.columns), "column"))
        return Told(str(found), columns_picture(found, caption))

    def _caption(self, complete: Completeness, extent: str) -> str:
        return _sentence(ended(complete, extent))

    def _diff(self) -> Told:
        from whence.query.outline.diff import diff_lines

        things = self._things
        left, right = things if len(things) > 1 else (things[0], self._this_session())
        return Told(plain_text(diff_lines(self._asked.diff(left, right), self._words.full)))

    def _show(self) -> Told:
        from whence.query.outline.sheet import sheet_lines

        return Told(plain_text(sheet_lines(self._asked.show(self._thing()), self._words.full)))

    def _log(self) -> Told:
        words = self._words
        found = self._asked.runs(words.filter, words.order_by, words.limit or None, whole=False)
        return Told(str(found))

    def _status(self) -> Told:
        from whence.query.outline.status import status_lines

        found = self._asked.status()
        return Told(plain_text(status_lines(found.store, found.nodes, found.completeness)))

    def _check(self) -> Told:
        from whence.service.checking import check_records

        return Told(
            plain_text(_checked(check_records(self._asked, self._thing(), self._words.without)))
        )


def _joined(answer: Lineage, more: Answer) -> Lineage:
    """The answer with the nodes and edges of another one."""
    nodes = {node.id: node for node in (*answer.nodes, *more.nodes)}
    edges = {(e.source, e.relation, e.target, e.role): e for e in (*more.edges, *answer.edges)}
    return msgspec.structs.replace(answer, nodes=[*nodes.values()], edges=[*edges.values()])


def _checked(checked: Any) -> Iterator[Line]:
    for fault in checked.faults:
        name = f"Constraint {fault.constraint} ({fault.name})"
        yield (Piece(f"{name}: {escaped(fault.message)}"),)
    for slip in checked.slips:
        yield (Piece(f"{slip.lint}: {escaped(slip.message)}"),)
    found = count(len(checked.slips), "finding") if checked.slips else "no findings"
    rules = "the rules of PROV hold" if checked.valid else "the rules of PROV are violated"
    yield (Piece(f"{found}; {rules} ({checked.statements} statements)"),)


def _sentence(lines: Iterable[Line]) -> str:
    """The lines as one, for a caption."""
    return " ".join(plain_text(lines).split())
