"""The lints. Each says what it looks for, why that matters, and what it found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

import msgspec

from whence.model.kind import COMMIT, DATASET, DIFF, DIRECTORY, FILE, MODEL
from whence.model.status import FAILED, INTERRUPTED
from whence.standards.lint.facts import Facts


class Finding(msgspec.Struct, frozen=True):
    """One slip: the lint's name, what was found, the things at fault by number, and their run."""

    lint: str
    message: str
    things: tuple[int, ...]
    run: int | None = None


class Lint(msgspec.Struct, frozen=True):
    """``name`` is what turns it off; ``why`` one sentence for the docs."""

    name: str
    title: str
    why: str
    look: Callable[[Facts], Iterator[Finding]]


def findings(facts: Facts, without: Collection[str] = ()) -> list[Finding]:
    """What the lints find, but for those named in ``without``."""
    return [
        found for lint in LINTS.values() if lint.name not in without for found in lint.look(facts)
    ]


def _tested_and_trained(facts: Facts) -> Iterator[Finding]:
    trained: dict[int, int] = {}
    for activity, uses in facts.used.items():
        if facts.trains(activity):
            for use in uses:
                trained.setdefault(use.entity, activity)
                trained.setdefault(facts.content.get(use.entity, use.entity), activity)
    held_out = _held_out(facts)
    for activity, uses in facts.used.items():
        for use in uses:
            if not facts.is_data(use.entity) or facts.trains(activity):
                continue
            if use.role != "test" and use.entity not in held_out and not facts.tests(activity):
                continue
            at = trained.get(use.entity, trained.get(facts.content.get(use.entity, -1)))
            if at is not None:
                yield _finding(
                    facts,
                    "test-data-in-training",
                    f"{facts.name(use.entity)} tests in {facts.name(activity)} and was trained on "
                    f"in {facts.name(at)}",
                    activity,
                    use.entity,
                    at,
                )


def _held_out(facts: Facts) -> set[int]:
    """What a split gave as test data."""
    return {entity for made in facts.made.values() for entity, role, _ in made if role == "test"}


def _older_than_data(facts: Facts) -> Iterator[Finding]:
    sources: dict[int, set[int]] = defaultdict(set)
    for entity, maker in facts.maker.items():
        if facts.nodes[entity].kind == MODEL:
            sources[entity].update(use.entity for use in facts.used.get(maker, ()))
    for entity, source in facts.derived:
        if entity in facts.nodes and facts.nodes[entity].kind == MODEL:
            sources[entity].add(source)
    for model, data in sources.items():
        made = facts.made_at.get(model)
        for source in sorted(data):
            since = facts.made_at.get(source)
            if made is not None and since is not None and since > made and facts.is_data(source):
                yield _finding(
                    facts,
                    "model-older-than-data",
                    f"{facts.name(model)} was made before {facts.name(source)}, from which it is "
                    "said to come",
                    model,
                    source,
                )


def _metric_without_data(facts: Facts) -> Iterator[Finding]:
    having = {
        run.number
        for activity, uses in facts.used.items()
        if any(facts.is_data(use.entity) for use in uses) and (run := facts.run_of(activity))
    }
    for activity, keys in facts.measured.items():
        run = facts.run_of(activity)
        own = any(facts.is_data(use.entity) for use in facts.used.get(activity, ()))
        if not own and (run is None or run.number not in having):
            yield _finding(
                facts,
                "metric-without-data",
                f"{facts.name(activity)} has {', '.join(sorted(keys)[:5])} and no data that was "
                "measured on",
                activity,
            )


def _commit_missing(facts: Facts) -> Iterator[Finding]:
    for run in facts.runs():
        kinds = _kinds_used(facts, run.number)
        if COMMIT not in kinds and run.number not in facts.parent:
            yield _finding(
                facts, "commit-missing", f"{facts.name(run.number)} names no commit", run.number
            )


def _commit_dirty(facts: Facts) -> Iterator[Finding]:
    for run in facts.runs():
        if DIFF in _kinds_used(facts, run.number):
            yield _finding(
                facts,
                "commit-dirty",
                f"{facts.name(run.number)} ran with changes that were not committed",
                run.number,
            )


def _input_without_digest(facts: Facts) -> Iterator[Finding]:
    seen: set[int] = set()
    for activity, uses in facts.used.items():
        for entity, _ in uses:
            node = facts.nodes.get(entity)
            if node is None or entity in seen or entity in facts.maker:
                continue
            is_stored = node.kind in (FILE, DIRECTORY) or (
                node.kind in (DATASET, MODEL) and bool(node.places)
            )
            if is_stored and node.digest is None:
                seen.add(entity)
                yield _finding(
                    facts,
                    "input-without-digest",
                    f"{facts.name(entity)} was read and its content is not known by digest",
                    activity,
                    entity,
                )


def _failed_run_used(facts: Facts) -> Iterator[Finding]:
    for activity, uses in facts.used.items():
        for entity, _ in uses:
            maker = facts.run_of(facts.maker[entity]) if entity in facts.maker else None
            user = facts.run_of(activity)
            if maker is None or user is None or maker.number == user.number:
                continue
            if maker.status in (FAILED, INTERRUPTED) and facts.nodes[entity].kind == MODEL:
                yield _finding(
                    facts,
                    "failed-run-used",
                    f"{facts.name(entity)} is used by {facts.name(activity)}, and the run that "
                    f"made it, {maker.name}, {_ENDED[maker.status]}",
                    activity,
                    entity,
                )


_ENDED = {FAILED: "failed", INTERRUPTED: "was interrupted"}


def _kinds_used(facts: Facts, run: int) -> set[str]:
    return {
        facts.nodes[use.entity].kind for use in facts.used.get(run, ()) if use.entity in facts.nodes
    }


def _finding(facts: Facts, lint: str, message: str, *things: int) -> Finding:
    run = facts.run_of(things[0])
    return Finding(lint, message, things, None if run is None else run.number)


LINTS: dict[str, Lint] = {
    lint.name: lint
    for lint in (
        Lint(
            "test-data-in-training",
            "Test data was seen in training",
            "A score on data that the model has learned from says nothing of new data.",
            _tested_and_trained,
        ),
        Lint(
            "model-older-than-data",
            "A model is older than its data",
            "What was made before its source does not come from it: a time or an edge is wrong.",
            _older_than_data,
        ),
        Lint(
            "metric-without-data",
            "A metric has no evaluation data",
            "A number that no data stand behind can't be checked or made again.",
            _metric_without_data,
        ),
        Lint(
            "commit-missing",
            "A run names no commit",
            "Without one the code that ran is known only as far as its files were kept.",
            _commit_missing,
        ),
        Lint(
            "commit-dirty",
            "A run had changes that were not committed",
            "The commit alone does not give the code that ran; the kept changes are needed too.",
            _commit_dirty,
        ),
        Lint(
            "input-without-digest",
            "An input has no digest",
            "Whether the same bytes are there again can't be told.",
            _input_without_digest,
        ),
        Lint(
            "failed-run-used",
            "The model of a failed run is used further on",
            "What a run wrote before it failed may be half done.",
            _failed_run_used,
        ),
    )
}
