"""The six questions of any artifact: what, when, why, where, who and how.

Of a run they are answered from its own record, of a thing also from that of the run which made it.
A run that a script declared took place in the run of that script: what only that one knows, such as
who and where, is told too, and told apart. A question without an answer stays empty: why is never
guessed from what a name may mean.
"""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

import msgspec

from whence._base.ids import format_id
from whence.model.kind import CODE, COMMIT, DIFF, ENVIRONMENT, EXPERIMENT, PERSON, STUDY, NodeType
from whence.model.relation import Relation
from whence.query.answer import Completeness
from whence.query.completeness import completeness
from whence.query.describe import iso
from whence.query.plain import clean, plain
from whence.query.profile import Profile, profile, surrounding_run, whole_run
from whence.store.protocol import Described, Node, Store

REASONS = ("why", "reason", "purpose", "description", "note", "mlflow.note.content", "approved_by")
"""Tags and attributes that say why, by the names under which people set them."""


_OF_SURROUNDING = {
    "why": None,
    "where": ("host", "folder"),
    "who": ("people", "user"),
    "how": ("command", "code", "commit", "uncommitted_changes", "environment"),
}
"""What the surrounding run answers where its inner run does not; None stands for all."""


class PartOf(msgspec.Struct, frozen=True):
    """The run in which the run took place; ``answers`` are those taken from it: ``who.user``."""

    id: str
    name: str
    answers: list[str] = []


class FiveWOneH(msgspec.Struct, frozen=True):
    """Each question with its answers by name; a list where there are several."""

    id: str
    what: dict[str, Any]
    when: dict[str, Any]
    why: dict[str, Any]
    where: dict[str, Any]
    who: dict[str, Any]
    how: dict[str, Any]
    completeness: Completeness
    part_of: PartOf | None = None


class _Case(NamedTuple):
    """What is known of the subject and of its run, read once for all six questions.

    ``run`` and ``around`` are None for a thing that no recorded run made; what is said of such a
    run is empty.
    """

    store: Store
    subject: Node
    said: Described
    run: Node | None
    around: Profile | None
    said_of_run: Described
    owner: dict[str, Any]


def five_w_one_h(store: Store, subject: Node) -> FiveWOneH:
    """The six questions about ``subject``."""
    case = _case(store, subject)
    answers = _answers(case)
    return FiveWOneH(
        id=format_id(subject.uid),
        part_of=_with_surrounding(case, answers),
        completeness=completeness(
            store, [subject.number, *(case.around.concerned if case.around else [])]
        ),
        **answers,
    )


def _answers(case: _Case) -> dict[str, dict[str, Any]]:
    return {
        "what": _what(case),
        "when": _when(case),
        "why": _why(case),
        "where": _where(case),
        "who": _who(case),
        "how": _how(case),
    }


def _with_surrounding(case: _Case, answers: dict[str, dict[str, Any]]) -> PartOf | None:
    """Add to ``answers`` what only the surrounding run knows; which run it is, and what it was."""
    outer = surrounding_run(case.store, case.around) if case.around else None
    if outer is None:
        return None
    around = _case(case.store, outer)
    theirs = {
        "why": _why(around),
        "where": _where(around),
        "who": _who(around),
        "how": _how(around),
    }
    taken = []
    for question, keys in _OF_SURROUNDING.items():
        own = answers[question]
        if question == "who" and own.keys() & {"people", "user"}:
            continue  # who is named is not one of two
        for key, answer in theirs[question].items():
            if key not in own and (keys is None or key in keys):
                own[key] = answer
                taken.append(f"{question}.{key}")
    return PartOf(format_id(outer.uid), clean(outer.name), taken)


def _case(store: Store, subject: Node) -> _Case:
    run = subject if subject.type == NodeType.ACTIVITY else whole_run(store, subject)
    said = store.described([subject.number, *([run.number] if run else [])])
    own = said.get(subject.number, Described())
    if run is None:
        return _Case(store, subject, own, None, None, Described(), {})
    of_run = said.get(run.number, Described())
    around = profile(store, run)
    return _Case(store, subject, own, run, around, of_run, store.owner(run.number))


def _what(case: _Case) -> dict[str, Any]:
    subject, attributes = case.subject, case.said.attributes
    found: dict[str, Any] = {"kind": subject.kind, "name": subject.name}
    if subject.digest is not None:
        found |= {"digest": format_id(subject.digest), "size": subject.size}
    for key in ("class", "library", "version", "shape", "feature_names", "columns"):
        if key in attributes:
            found[key] = attributes[key]
    if subject.status:
        found["status"] = subject.status
    metrics = case.store.summaries([subject.number]).get(subject.number, [])
    if metrics:
        found["metrics"] = {one.key: one.last for one in metrics}
    return _told(found)


def _when(case: _Case) -> dict[str, Any]:
    made, used = _moments(case.store, case.subject)
    found: dict[str, Any] = {
        "made": iso(made),
        "first_used": iso(min(used, default=None)),
        "last_used": iso(max(used, default=None)),
    }
    if case.run is not None:
        found |= {"run_started": iso(case.run.started_at), "run_ended": iso(case.run.ended_at)}
    return _told(found)


def _moments(store: Store, subject: Node) -> tuple[int | None, list[int]]:
    made = [
        edge.at
        for edge in store.edges_at(subject.number, "up")
        if edge.relation == Relation.WAS_GENERATED_BY and edge.at is not None
    ]
    used = [
        edge.at
        for edge in store.edges_at(subject.number, "down")
        if edge.relation == Relation.USED and edge.at is not None
    ]
    return min(made, default=None), used


def _why(case: _Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for said in (case.said_of_run, case.said):
        for values in (said.attributes, said.tags):
            found |= {key: values[key] for key in REASONS if key in values}
    if case.around is not None and case.run is not None:
        for edge in case.around.edges:
            group = case.around.nodes.get(edge.target)
            if edge.source == case.run.number and group and group.kind in (STUDY, EXPERIMENT):
                found[group.kind] = group.name
    return _told(found)


def _where(case: _Case) -> dict[str, Any]:
    places = [place.decode("utf-8", "surrogateescape") for place in case.subject.places]
    found: dict[str, Any] = {"places": places or list(case.said.attributes.get("places", ()))}
    found |= {"host": case.owner.get("host"), "folder": case.said_of_run.attributes.get("cwd")}
    return _told(found)


def _who(case: _Case) -> dict[str, Any]:
    around = case.around
    named = {
        node.name: (edge.role or "user")
        for edge in (around.edges if around else [])
        if edge.relation == Relation.WAS_ASSOCIATED_WITH
        and around is not None
        and (node := around.nodes.get(edge.target)) is not None
        and node.kind == PERSON
    }
    attributed = [
        edge.target
        for edge in case.store.edges_at(case.subject.number, "up")
        if edge.relation == Relation.WAS_ATTRIBUTED_TO
    ]
    return _told(
        {
            "people": named,
            "attributed_to": [node.name for node in case.store.nodes(attributed)],
            "user": None if named else case.owner.get("user"),
        }
    )


def _how(case: _Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    attributes, run, around = case.said.attributes, case.run, case.around
    if "call" in attributes:
        found["call"] = f"{attributes['call']} at {attributes.get('file')}:{attributes.get('line')}"
    if run is not None and around is not None:
        said = case.said_of_run
        found["run"] = f"{run.name} {format_id(run.uid)}"
        found["command"] = shlex.join(said.attributes.get("command", ()))
        found["params"] = said.params
        found["code"] = [node.name for node in around.of_kind(CODE)]
        found["commit"] = [node.name for node in around.of_kind(COMMIT)]
        found["uncommitted_changes"] = bool(around.of_kind(DIFF)) or None
        found["environment"] = [node.name for node in around.of_kind(ENVIRONMENT)]
        if case.subject.number != run.number:
            found["inputs"] = [node.name for node, _ in around.inputs()]
    return _told(found)


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """What there is an answer to, ready for JSON and for people."""
    kept = {key: value for key, value in found.items() if value not in (None, "", [], {})}
    return {key: clean(value) if isinstance(value, str) else value for key, value in
            plain(kept).items()}  # fmt: skip
