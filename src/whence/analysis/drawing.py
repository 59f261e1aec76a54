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
        if func.attr in names.passes_on and not _draws_itself(world, call, demand):
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


def _draws_itself(world: World, call: ast.Call, demand: Demand) -> bool:
    """Whether the first argument is written out or a number: then no data pass through the call."""
    first = call.args[0] if call.args else None
    is_written = isinstance(first, (ast.List, ast.Tuple))
    return first is not None and (is_written or _is_number(world, demand._replace(node=first)))


def _is_number(world: World, demand: Demand) -> bool:
    """Whether an expression is a number, or how many there are of something."""
    node = demand.node
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.BinOp):
        return all(_is_number(world, demand._replace(node=one)) for one in (node.left, node.right))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _NUMBERS
    if isinstance(node, ast.Name):
        found = [edge.demand.node for edge in world.step(demand._replace(path=()))]
        return bool(found) and all(isinstance(one, ast.Constant) for one in found)
    base = node.value if isinstance(node, ast.Subscript) else node
    return isinstance(base, ast.Attribute) and base.attr in ("shape", "size", "ndim")


_NUMBERS = frozenset({"int", "len", "round", "float"})
