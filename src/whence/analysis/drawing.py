"""Calls that draw random data: they are not watched, so the code alone tells of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from whence.analysis.context import Demand
from whence.analysis.definition import Imported

if TYPE_CHECKING:
    from whence.analysis.world import World


class DrawNames(NamedTuple):
    """By dotted name: which calls draw, and which make a generator whose methods draw.

    ``passes_on`` names the methods that put what they are given in another order.
    """

    is_draw: Callable[[str], bool]
    is_generator: Callable[[str], bool]
    passes_on: frozenset[str] = frozenset()


def draw_of(world: World, demand: Demand, names: DrawNames) -> str | None:
    """What a call that draws is called, as the code has it; None for any other call."""
    call = demand.node
    if not isinstance(call, ast.Call):
        return None
    key = (id(call), demand.context)
    if key not in world.draws:
        world.draws[key] = _draw_of(world, call, demand, names)
    return world.draws[key]


def _draw_of(world: World, call: ast.Call, demand: Demand, names: DrawNames) -> str | None:
    func = call.func
    if isinstance(func, ast.Attribute):
        if func.attr in names.passes_on and not _is_given_literals(call):
            return None
        receiver = demand._replace(node=func.value, path=())
        for one in world.origins(receiver):
            if isinstance(one.node, ast.Call) and not one.path:
                made = one._replace(node=one.node.func)
                if any(names.is_generator(name) for name in dotted_names(world, made)):
                    return ast.unparse(func)
    name = next(dotted_names(world, demand._replace(node=func, path=())), None)
    return name if name is not None and names.is_draw(name) else None


def dotted_names(world: World, demand: Demand) -> Iterator[str]:
    """The names that imports give to what an expression is, where a library has it."""
    for one in world.origins(demand):
        if isinstance(one.node, Imported):
            found = world.imported(one.node, one.place, one.path)
            if isinstance(found, str):
                yield found


def _is_given_literals(call: ast.Call) -> bool:
    """Whether the first argument is written out, so that no data pass through the call."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant | ast.List | ast.Tuple)
