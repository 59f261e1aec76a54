"""Whether a version of a library lies within those that something is tested with."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*([0-9.]+)\s*$")


def is_tested(version: str, tested: str) -> bool:
    """Whether ``version`` fits ``tested``, clauses such as ``>=1.3,<2``; an unknown one fits."""
    numbers = _numbers(version)
    clauses = [_CLAUSE.match(clause) for clause in tested.split(",") if clause.strip()]
    return not numbers or all(
        clause is None or _holds(numbers, clause[1], _numbers(clause[2])) for clause in clauses
    )


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _holds(left: tuple[int, ...], operator: str, right: tuple[int, ...]) -> bool:
    width = max(len(left), len(right))
    left, right = (side + (0,) * (width - len(side)) for side in (left, right))
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
    }[operator]
