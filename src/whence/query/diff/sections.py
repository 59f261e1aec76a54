"""Two runs side by side, from code to machine: what differs and what doesn't.

Values are compared with their type: ``1`` and ``1.0`` differ, two NaN do not. Files are compared by
name and digest; one that has another name but the same bytes is said to have moved.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from os.path import join as joined
from shlex import join
from typing import Any

import msgspec

from whence._base.ids import format_id
from whence.model.kind import CODE, COMMIT, DIFF, ENVIRONMENT
from whence.model.value import encode
from whence.query.describe import true_status
from whence.query.diff.values import (
    Change,
    Difference,
    Kept,
    Section,
    compare,
    text_diff,
    with_moves,
)
from whence.query.disk import Disk
from whence.query.profile import Profile
from whence.query.touched import touched
from whence.store.protocol import Edge, Node, Store

UNCOMMITTED = "uncommitted changes"
_RUN_FACTS = ("command", "argv", "cwd", "seed", "seeds", "entry_point")


class _Side:
    """All that is compared of one run, by section and key."""

    def __init__(self, store: Store, run: Node) -> None:
        self.run, self.store = run, store
        (self.profile,) = touched(store, [run])
        self.attributes = store.attributes(run.number)
        self.own_params = store.params(run.number)
        self.part_params = _params_of_parts(store, self.profile)
        self.owner = store.owner(run.number)
        self.metrics = _metrics(store, self.profile)
        self.environment: dict[str, Any] = {}
        for node in self.profile.of_kind(ENVIRONMENT):
            self.environment |= store.attributes(node.number)

    def code(self) -> dict[str, Any]:
        code: dict[str, Any] = {}
        for node in self.profile.of_kind(COMMIT):
            code["commit"] = node.name
        for node in self.profile.of_kind(DIFF):
            code[UNCOMMITTED] = _digest(node)
        return code | {node.name: _digest(node) for node in self.profile.of_kind(CODE)}

    def digests(self) -> dict[str, bytes]:
        """The digests of the code and of the uncommitted changes, for their text."""
        nodes = [(node.name, node) for node in self.profile.of_kind(CODE)]
        nodes += [(UNCOMMITTED, node) for node in self.profile.of_kind(DIFF)]
        return {name: node.digest for name, node in nodes if node.digest}

    def script(self, disk: Disk) -> str | None:
        """The name of the script that the run began with."""
        code = {
            os.fsdecode(place): node.name
            for node in self.profile.of_kind(CODE)
            for place in node.places
        }
        command, folder = self.attributes.get("command"), str(self.attributes.get("cwd") or "")
        words = command[1:] if isinstance(command, list) else ()
        named = (os.fsencode(joined(folder, str(word))) for word in words)
        places = (os.fsdecode(place) for path in named for place in disk.spellings(path))
        return next((code[place] for place in places if place in code), None)

    def packages(self) -> dict[str, Any]:
        packages = self.environment.get("packages")
        return dict(packages) if isinstance(packages, Mapping) else {}

    def machine(self) -> dict[str, Any]:
        facts = {k: v for k, v in self.environment.items() if k != "packages"}
        owned = {k: self.owner[k] for k in ("host", "user", "python") if self.owner.get(k)}
        return facts | {k: v for k, v in owned.items() if k not in facts}

    def course(self) -> dict[str, Any]:
        facts = {key: self.attributes[key] for key in _RUN_FACTS if key in self.attributes}
        if isinstance(facts.get("command"), list):
            facts["command"] = join(map(str, facts["command"]))
        if self.attributes.get("session") == "kernel":
            facts.pop("command", None)  # it names a file of that one kernel
        facts["status"] = true_status(self.store, self.run)
        if self.run.started_at is not None and self.run.ended_at is not None:
            facts["duration_s"] = (self.run.ended_at - self.run.started_at) / 1e9
        return {"name": self.run.name} | facts

    def files(self, found: list[tuple[Node, Edge]]) -> dict[str, Any]:
        return {node.name: _digest(node) for node, _ in found}


def diff_runs(store: Store, left: Node, right: Node, kept: Kept, disk: Disk) -> list[Section]:
    """The sections of the comparison, all of them, also those without a difference."""
    a, b = _Side(store, left), _Side(store, right)
    code = _with_texts(compare("code", a.code(), b.code()), a.digests(), b.digests(), kept)
    left_params, right_params = _params(a, b)
    return [
        _with_scripts_paired(code, a, b, kept, disk),
        compare(
            "parameters",
            _flat_where_both(left_params, right_params),
            _flat_where_both(right_params, left_params),
        ),
        with_moves(compare("inputs", a.files(a.profile.inputs()), b.files(b.profile.inputs()))),
        with_moves(compare("outputs", a.files(a.profile.outputs()), b.files(b.profile.outputs()))),
        compare("metrics", a.metrics, b.metrics),
        compare("packages", a.packages(), b.packages()),
        compare("machine", a.machine(), b.machine()),
        compare("run", a.course(), b.course()),
    ]


def facts_of(store: Store, run: Node) -> dict[str, dict[str, Any]]:
    """All that a comparison looks at of one run, by section and key; parameters of its parts only
    where they are not the run's own too."""
    side = _Side(store, run)
    params = dict(side.own_params)
    for part, given in side.part_params.items():
        for key, value in given.items():
            if key not in params or encode(params[key]) != encode(value):
                params[f"{part}.{key}"] = value
    return {
        "run": side.course(),
        "parameters": params,
        "metrics": side.metrics,
        "inputs": side.files(side.profile.inputs()),
        "outputs": side.files(side.profile.outputs()),
        "code": side.code(),
        "packages": side.packages(),
        "machine": side.machine(),
    }


def parts_with_params(store: Store, whole: Profile) -> dict[str, int]:
    """The fits and calls that have parameters, by the name that begins their keys."""
    params = store.params_of(whole.parts[1:])
    return _by_part(whole, ((n, n) for n in whole.parts[1:] if params.get(n)))


def parts_with_metrics(store: Store, whole: Profile) -> dict[str, int]:
    """The parts that have metrics of their own, by the name that begins their keys."""
    summaries = store.summaries(whole.parts)
    return _by_part(whole, ((n, n) for n in whole.parts[1:] if summaries.get(n)))


def _params_of_parts(store: Store, whole: Profile) -> dict[str, Any]:
    """The parameters of each fit and call, under its name; of the second under ``name #2``."""
    params = store.params_of(whole.parts[1:])
    return _by_part(whole, ((n, params[n]) for n in whole.parts[1:] if params.get(n)))


def _params(a: _Side, b: _Side) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters of the two: what only repeats a part's own is told once, by the part.

    A fit's hyperparameters also stand at the run, so that runs are found by them. One that is no
    repetition in either of the runs is compared as the run's own.
    """
    own = set(a.own_params) | set(b.own_params)
    told = {key for key in own if _repeats(a, key) and _repeats(b, key)}
    left, right = (
        {key: one for key, one in side.own_params.items() if key not in told} | side.part_params
        for side in (a, b)
    )
    return left, right


def _repeats(side: _Side, key: str) -> bool:
    """Whether a parameter of the run has no value but that which a part has for it."""
    if key not in side.own_params:
        return True
    value = encode(side.own_params[key])
    return any(key in given and encode(given[key]) == value for given in side.part_params.values())


def _metrics(store: Store, whole: Profile) -> dict[str, float]:
    """The last values: the run's own by key, those of each part under its name, ``fit.loss``."""
    summaries = store.summaries(whole.parts)
    last = {n: {one.key: one.last for one in found} for n, found in summaries.items() if found}
    own = last.pop(whole.run.number, {})
    parts = _by_part(whole, ((n, last[n]) for n in whole.parts if n in last))
    return own | {
        f"{part}.{key}": value for part, values in parts.items() for key, value in values.items()
    }


def _by_part(whole: Profile, said: Iterable[tuple[int, Any]]) -> dict[str, Any]:
    """What was said of each part, under its name; of the second such one under ``name #2``."""
    found: dict[str, Any] = {}
    for number, value in said:
        if number not in whole.nodes:
            continue
        name, at = whole.nodes[number].name, 1
        while (key := name if at == 1 else f"{name} #{at}") in found:
            at += 1
        found[key] = value
    return found


def _flat_where_both(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """``left`` with maps that are maps in ``right`` too spread out, as ``fit.max_iter``."""
    flat: dict[str, Any] = {}
    for key, value in left.items():
        if isinstance(value, Mapping) and isinstance(right.get(key), Mapping):
            spread = _flat_where_both(value, right[key])
            flat |= {f"{key}.{inner}": one for inner, one in spread.items()}
        else:
            flat[key] = value
    return flat


def _digest(node: Node) -> str | None:
    return format_id(node.digest) if node.digest else None


def _with_texts(
    section: Section, left: Mapping[str, bytes], right: Mapping[str, bytes], kept: Kept
) -> Section:
    differences = [
        msgspec.structs.replace(
            one, text=text_diff(one.key, left.get(one.key), right.get(one.key), kept)
        )
        for one in section.differences
    ]
    return Section(section.name, differences, section.same)


def _with_scripts_paired(section: Section, a: _Side, b: _Side, kept: Kept, disk: Disk) -> Section:
    """The section with two entry scripts of different names compared with each other."""
    left, right = a.script(disk), b.script(disk)
    found = {(one.change, one.key): one for one in section.differences}
    gone, came = found.get(("removed", left or "")), found.get(("added", right or ""))
    if left is None or right is None or gone is None or came is None:
        return section
    text = text_diff(left, a.digests().get(left), b.digests().get(right), kept, right)
    change: Change = "moved" if gone.left and gone.left == came.right else "changed"
    pair = Difference(f"{left} → {right}", change, gone.left, came.right, text)
    differences = [pair if one is gone else one for one in section.differences if one is not came]
    return Section(section.name, differences, section.same)
