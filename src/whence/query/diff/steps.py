"""The parameters of two models compared: the parts that are of another class, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whence.model.value import encode
from whence.query.diff.aspect import FlowDifference
from whence.query.plain import plain


def param_differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[FlowDifference]:
    """The steps that are of another class, then the parameters that differ in what both have."""
    found, told = _steps(left, right)
    for key in dict.fromkeys((*left, *right)):
        if key in told or (_is_within(key, told) and not (key in left and key in right)):
            continue
        if key not in right:
            found.append(FlowDifference("parameter", key, "removed", plain(left[key]), None))
        elif key not in left:
            found.append(FlowDifference("parameter", key, "added", None, plain(right[key])))
        elif encode(left[key]) != encode(right[key]):
            if told and _is_list_of_names(left[key]) and _is_list_of_names(right[key]):
                continue
            one = FlowDifference("parameter", key, "changed", plain(left[key]), plain(right[key]))
            found.append(one)
    return found


def _steps(
    left: Mapping[str, Any], right: Mapping[str, Any]
) -> tuple[list[FlowDifference], set[str]]:
    """The parts of a model (steps of a pipeline, transformers) of which the class is another, or
    which one run does not have; and their keys, whose parameters need not be told one by one."""
    here, there = _classes(left), _classes(right)
    found, told = list[FlowDifference](), set[str]()
    for key in here.keys() & there.keys():
        if here[key] != there[key]:
            found.append(FlowDifference("step", key, "changed", here[key], there[key]))
            told.add(key)
    gone = [key for key in here if key not in there and not _is_within(key, told)]
    come = [key for key in there if key not in here and not _is_within(key, told)]
    told.update(gone, come)
    gone = [key for key in gone if not _is_within(key, told)]
    come = [key for key in come if not _is_within(key, told)]
    for a, b in zip(gone, come, strict=False):
        found.append(FlowDifference("step", f"{a} → {b}", "changed", here[a], there[b]))
    many = min(len(gone), len(come))
    found += [FlowDifference("step", key, "removed", here[key], None) for key in gone[many:]]
    found += [FlowDifference("step", key, "added", None, there[key]) for key in come[many:]]
    return found, told


def _classes(params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that are estimators themselves: those that have parameters in turn."""
    owners = {key[:at] for key in params for at in _ends(key)}
    return {key: value for key, value in params.items()
            if key in owners and isinstance(value, str)}  # fmt: skip


def _ends(key: str) -> list[int]:
    """Where ``a`` and ``a__b`` end in ``a__b__c``."""
    return [at for at in range(1, len(key)) if key.startswith("__", at)]


def _is_within(key: str, owners: set[str]) -> bool:
    return any(key[:at] in owners for at in _ends(key))


def _is_list_of_names(value: Any) -> bool:
    """Whether a parameter is but the list of the names of the steps."""
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
