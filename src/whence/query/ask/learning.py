"""Forward: from a data set or a range to the models that learned from it, and how that went.

Q3, Q4, Q5 and Q7 of Souza et al.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whence.model.kind import STAGE
from whence.query.ask.answer import (
    Asked,
    ModelTimes,
    RankedModel,
    SectionTimes,
    TrainedModel,
    Validation,
)
from whence.query.ask.generating import generated_for, learned_from, runs_using
from whence.query.ask.making import (
    Making,
    Measured,
    Outline,
    Things,
    nearest_runs,
    outlines,
    parameters,
    parts_of,
    said_of,
)
from whence.query.completeness import completeness
from whence.store.protocol import Lasting, Store

TRAINING, VALIDATION = "training", "validation"


def q3(store: Store, dataset: int, metric: str = "loss") -> Asked[TrainedModel]:
    """Given a training set, what are the hyperparameters and evaluation measures of the model with
    the least ``metric`` of those trained with it? Several where they are equal."""
    found = outlines(store, [one for one, _ in learned_from(store, [dataset])])
    measured = Measured(store, {part for one in found for part in one.parts})
    reached = [
        (least, one) for one in found if (least := measured.least(one.parts, metric)) is not None
    ]
    best = min((least for least, _ in reached), default=None)
    given = store.params_of([a for _, one in reached for a in one.activities])
    said = store.attributes_of([one.made.thing for one in found])
    things = Things(store, [n for one in found for n in (one.made.thing, one.made.run)])
    rows = [
        TrainedModel(
            things[one.made.thing], things[one.made.run], least,
            said_of(said.get(one.made.thing, {})), parameters(one, given),
            measured.of(one.parts),
        )
        for least, one in reached
        if least == best
    ]  # fmt: skip
    return Asked({}, rows, completeness(store, [dataset, *_concerned(found)]))


def q4(
    store: Store, dataset: int, section: str = "epoch", each: str = "batch"
) -> Asked[SectionTimes]:
    """Given a training set, how long did each batch take within each epoch of the trainings: on
    average, at least and at most?

    ``section`` and ``each`` are what the sections are called. Trainings at work are told too, with
    what has ended by now. Sections of one name, as of several processes, are told together.
    """
    runs = {one.run for one, _ in learned_from(store, [dataset])}
    ordered = sorted(runs.union(runs_using(store, [dataset])))
    times = times_of(store, ordered, section, each)
    rows = [row for run in ordered for row in times.get(run, ())]
    return Asked({}, rows, completeness(store, [dataset, *ordered]))


def q5(
    store: Store, given: Mapping[str, Any], section: str = "epoch", each: str = "batch"
) -> Asked[ModelTimes]:
    """Given what the training set was generated for, how long did each batch take on average,
    epoch by epoch, and what are the evaluation metrics of the models trained with it?

    ``given`` is that of `q6`, ``section`` and ``each`` are those of `q4`.
    """
    learned = learned_from(store, generated_for(store, given))
    found = outlines(store, [one for one, _ in learned])
    times = times_of(store, sorted({one.run for one, _ in learned}), section, each)
    measured = Measured(store, {part for one in found for part in one.parts})
    things = Things(store, {n for one, sets in learned for n in (one.thing, *sets)})
    rows = [
        ModelTimes(
            things[one.thing], [things[number] for number in sets], times.get(one.run, []),
            measured.of(outline.parts),
        )
        for (one, sets), outline in zip(learned, found, strict=True)
    ]  # fmt: skip
    return Asked({}, rows, completeness(store, _concerned(found)))


def q7(store: Store, given: Mapping[str, Any], metric: str = "batch_loss") -> Asked[RankedModel]:
    """Given what the training set was generated for, which models came of it, best first: with the
    least ``metric`` in the learning stage, the hyperparameters and evaluation measures of that
    stage, and beside them those of the runs that validated the model.

    ``given`` is that of `q6`. A validation is a run with a stage of that name that used the model.
    Models of which the metric was not measured are left out.
    """
    learned = learned_from(store, generated_for(store, given))
    found = outlines(store, [one for one, _ in learned])
    validating = _validations(store, [one.thing for one, _ in learned])
    both = [*found, *(one for some in validating.values() for one in some)]
    measured = Measured(store, {part for one in both for part in one.parts})
    params = store.params_of(sorted({a for one in both for a in one.activities}))
    said = store.attributes_of([one.thing for one, _ in learned])
    numbers = {n for one in both for n in (one.made.thing, one.made.run)}
    things = Things(store, numbers.union(*(sets for _, sets in learned)))
    rows = [
        RankedModel(
            model=things[one.thing],
            run=things[one.run],
            training_sets=[things[number] for number in sets],
            least=least,
            attributes=said_of(said.get(one.thing, {})),
            hyperparameters=parameters(outline, params),
            measures=measured.of(outline.parts),
            validations=[
                Validation(things[v.made.run], parameters(v, params), measured.of(v.parts))
                for v in validating.get(one.thing, ())
            ],
        )
        for (one, sets), outline in zip(learned, found, strict=True)
        if (least := measured.least(outline.parts, metric)) is not None
    ]
    rows.sort(key=lambda row: (row.least, row.model))
    return Asked({}, rows, completeness(store, _concerned(both)))


def times_of(
    store: Store, runs: Sequence[int], section: str, each: str
) -> dict[int, list[SectionTimes]]:
    """How long the iterations took within each section of the trainings, by run, in their order."""
    found = store.times_within(runs, TRAINING, section, each)
    nodes = {node.number: node for node in store.nodes([one.number for one in found])}
    sums: dict[int, dict[str, Lasting]] = defaultdict(dict)
    for one in found:
        name = nodes[one.number].name
        before = sums[one.root].get(name)
        sums[one.root][name] = one if before is None else _together(before, one)
    things = Things(store, sums)
    return {
        run: [
            SectionTimes(
                things[run], name, one.count, one.total_ns / one.count / 1e9, one.least_ns / 1e9,
                one.most_ns / 1e9,
            )
            for name, one in sorted(by_name.items(), key=lambda item: _order(item[0]))
        ]
        for run, by_name in sums.items()
    }  # fmt: skip


def _together(one: Lasting, other: Lasting) -> Lasting:
    return Lasting(
        one.root, one.number, one.count + other.count, one.total_ns + other.total_ns,
        min(one.least_ns, other.least_ns), max(one.most_ns, other.most_ns),
    )  # fmt: skip


def _order(name: str) -> tuple[int, str]:
    """Sections in order of their numbers."""
    number = name.rpartition(" ")[2]
    return (int(number) if number.isdecimal() else -1, name)


def _validations(store: Store, models: Sequence[int]) -> dict[int, list[Outline]]:
    """For each model the runs that used it and have a validation stage."""
    runs = runs_using(store, models)
    parts = parts_of(store, runs)
    stages = {
        node.number
        for node in store.nodes(sorted({part for some in parts.values() for part in some}))
        if node.kind == STAGE and node.name == VALIDATION
    }
    around = nearest_runs(store, runs)
    found: dict[int, list[Outline]] = defaultdict(list)
    for run, used in sorted(runs.items()):
        if stages.intersection(parts[run]):
            for model in used:
                made = Making(model, run, tuple(around[run][1:]))
                found[model].append(Outline(made, parts[run]))
    return found


def _concerned(found: Iterable[Outline]) -> list[int]:
    """What an answer rests on: the models and the activities that made them."""
    return list({number for one in found for number in (one.made.thing, *one.activities)})
