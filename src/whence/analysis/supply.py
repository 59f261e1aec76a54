"""What a call gives to the function that it calls."""

from __future__ import annotations

import ast

_CHANCE = frozenset({"random_state", "rng", "seed", "generator", "random_seed"})
"""Arguments that steer chance and carry no data."""


def arguments_of(call: ast.Call) -> list[ast.expr]:
    """All values that a call is given, but not what steers chance."""
    values = [one.value if isinstance(one, ast.Starred) else one for one in call.args]
    values.extend(one.value for one in call.keywords if one.arg not in _CHANCE)
    return values
