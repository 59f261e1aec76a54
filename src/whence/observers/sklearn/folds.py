"""The folds of a search and of a cross-validation, a section each, told when all is over.

They are read from the results, so nothing is watched while the folds run, in this process or in
workers. How large the parts were is worked out from the splitter where its numbers decide that;
where groups or the user's code do, it is not told.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from math import isnan
from typing import Any, NamedTuple

from whence._base.clock import wall_ns
from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.event import ActivityRecorded
from whence.model.status import FAILED, FINISHED
from whence.model.value import typed
from whence.observers.call import Call
from whence.observers.describe import is_a, shape_of
from whence.observers.notes import Notes
from whence.observers.sklearn.parameters import plain_parameters

MOST_FOLDS = 50
"""Of a search or cross-validation with more folds, those of the best candidates are recorded."""

_EVENLY = ("KFold", "StratifiedKFold", "RepeatedKFold", "RepeatedStratifiedKFold")
_SHUFFLED = {"ShuffleSplit": 0.1, "StratifiedShuffleSplit": 0.1}
"""Splitters by shuffling, with the test size that they take by default."""

Sizes = Sequence[tuple[int, int]]
Scores = dict[str, float]


class Fold(NamedTuple):
    """One fold: its number, the scores, and what else is known of it."""

    number: int
    scores: Scores
    told: dict[str, Any]


def of_search(notes: Notes, search: Any, call: Call, parent: bytes) -> dict[str, Any]:
    """Record the folds of a search that is over; what its activity is to be told about them."""
    if not is_a(search, "sklearn.model_selection._search", "BaseSearchCV"):
        return {}
    # What a class of the user's has put into itself may be anything.
    return asked(lambda: _searched(notes, search, call, parent), _NOTHING)


_NOTHING: dict[str, Any] = {}


def _searched(notes: Notes, search: Any, call: Call, parent: bytes) -> dict[str, Any]:
    own = vars(search)
    results, count = own["cv_results_"], int(own["n_splits_"])
    n_candidates = len(results["params"])
    sizes = [] if "n_resources" in results else sizes_of(search.cv, _data(call), count)
    _record(notes, call, parent, _of_candidates(results, count), count, sizes)
    told = {"n_candidates": n_candidates, **_counted(count * n_candidates, count)}
    for key in ("best_index_", "best_score_"):
        if key in own:
            told[key.rstrip("_")] = typed(own[key])
    return told


def of_validation(notes: Notes, call: Call, parent: bytes) -> dict[str, Any]:
    """Record the folds of a cross-validation that is over; what its activity is to be told."""
    result = call.result
    if call.name == "cross_val_score":
        result = {"test_score": result}
    if not isinstance(result, dict) or "params" in result:
        return {}
    series = {key: scores for key, scores in result.items() if key.startswith(("test_", "train_"))}
    times = {key: result[key] for key in ("fit_time", "score_time") if key in result}
    count = max((len(scores) for scores in series.values()), default=0)
    if not count:
        return {}
    folds = (
        Fold(at, _at(series, at), dict(_at(times, at))) for at in range(count)
    )  # fmt: skip
    sizes = sizes_of(call.arguments.get("cv"), _data(call), count)
    _record(notes, call, parent, folds, count, sizes)
    return _counted(count, count)


def _counted(total: int, count: int) -> dict[str, Any]:
    found = {"n_splits": count, "n_folds": total}
    if total > MOST_FOLDS:
        found["n_folds_recorded"] = MOST_FOLDS
    return found


def _of_candidates(results: Mapping[str, Any], count: int) -> Iterator[Fold]:
    """The folds of the candidates, the best candidates first."""
    rank = next((key for key in results if key.startswith("rank_test_")), None)
    ranks = range(len(results["params"])) if rank is None else [int(n) for n in results[rank]]
    names = _series(results)
    for at in sorted(range(len(ranks)), key=lambda at: ranks[at]):
        told = {"candidate": at, "params": plain_parameters(results["params"][at])}
        for key in ("iter", "n_resources"):
            if key in results:
                told[key] = int(results[key][at])
        if rank is not None:
            told["rank"] = ranks[at]
        for number in range(count):
            columns = {key: results[f"split{number}_{key}"] for key in names}
            yield Fold(number, _at(columns, at), told)


def _series(results: Mapping[str, Any]) -> list[str]:
    """What was scored in each split: ``test_score``, ``train_score``, or one for each metric."""
    return [key.removeprefix("split0_") for key in results if key.startswith("split0_")]


def _at(series: Mapping[str, Any], at: int) -> Scores:
    return {key: float(values[at]) for key, values in series.items()}


def _record(
    notes: Notes, call: Call, parent: bytes, folds: Iterable[Fold], count: int, sizes: Sizes
) -> None:
    """Record the first folds. When each ran is not known but that it was while the whole did."""
    ended_at = wall_ns()
    for number, scores, told in islice(folds, MOST_FOLDS):
        tests = [score for key, score in scores.items() if key.startswith("test_")]
        facts: dict[str, Any] = {"fold": number, "n_splits": count, "scores": scores, **told}
        if tests:
            facts["value"] = tests[0]
        if number < len(sizes):
            facts["n_train"], facts["n_test"] = sizes[number]
        # Scikit-learn gives NaN to a fold in which the fit or the scoring raised.
        status = FAILED if tests and all(map(isnan, tests)) else FINISHED
        notes.record(
            ActivityRecorded(
                notes.new_id(), kinds.SECTION, f"fold {number}", parent, call.started_at, ended_at,
                status, attributes=facts,
            )
        )  # fmt: skip


def _data(call: Call) -> Any:
    return call.arguments.get("X")


def sizes_of(splitter: Any, data: Any, count: int) -> list[tuple[int, int]]:
    """How many samples each fold trains on and tests on; none where that can't be told."""
    shape = shape_of(data)
    if not shape:
        return []
    found = asked(lambda: _sizes(splitter, shape[0], count), None)
    return found if found is not None and len(found) == count else []


def _sizes(splitter: Any, n: int, count: int) -> list[tuple[int, int]] | None:
    if isinstance(splitter, list | tuple):
        return [(len(train), len(test)) for train, test in splitter]
    if splitter is None or isinstance(splitter, int):
        return _even(n, count)
    cls = type(splitter)
    if not cls.__module__.startswith("sklearn.model_selection."):
        return None
    if cls.__name__ in _EVENLY:
        repeats = getattr(splitter, "n_repeats", 1)
        return _even(n, count // repeats) * repeats
    if cls.__name__ == "LeaveOneOut":
        return [(n - 1, 1)] * count
    if cls.__name__ in _SHUFFLED:
        return [_shuffled(splitter, n, _SHUFFLED[cls.__name__])] * count
    return _in_time(splitter, n, count) if cls.__name__ == "TimeSeriesSplit" else None


def _even(n: int, count: int) -> list[tuple[int, int]]:
    tests = [n // count + (at < n % count) for at in range(count)]
    return [(n - test, test) for test in tests]


def _shuffled(splitter: Any, n: int, default: float) -> tuple[int, int]:
    numbers: Any = vars(sys.modules["sklearn.model_selection._split"])["_validate_shuffle_split"]
    train, test = numbers(n, splitter.test_size, splitter.train_size, default_test_size=default)
    return int(train), int(test)


def _in_time(splitter: Any, n: int, count: int) -> list[tuple[int, int]]:
    test = splitter.test_size or n // (count + 1)
    ends = [n - (count - at) * test - splitter.gap for at in range(count)]
    most = splitter.max_train_size or n
    return [(min(end, most), test) for end in ends]
