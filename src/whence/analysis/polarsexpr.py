"""An expression of polars: which columns it names, and of which it is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from copy import deepcopy
from typing import TypeAlias

from whence.analysis.asked import Asked, Parts
from whence.analysis.callee import callees
from whence.analysis.context import Demand
from whence.analysis.definition import COMPREHENSIONS
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided

Made: TypeAlias = "dict[str, Parts]"
"""The columns that an expression gives, by name, each with what it is made of."""

NO_NAME = ""
"""A column whose name nobody asks for: of a constant, or of a part of an expression."""


def made_by(asked: Asked, node: ast.expr) -> Made:
    """The columns that an argument of ``select`` and its like gives. Raises Undecided."""
    return _of(asked, asked.at(node), True)


def _of(asked: Asked, demand: Demand, is_column: bool) -> Made:
    """``is_column``: a text stands for a column here, and for a value elsewhere."""
    demand = asked.known.written(demand)
    node = demand.node
    if isinstance(node, ast.Constant):
        is_name = is_column and isinstance(node.value, str)
        return _columns(asked, [str(node.value)]) if is_name else {NO_NAME: []}
    if isinstance(node, ast.Starred):
        return _of(asked, demand._replace(node=node.value), is_column)
    if isinstance(node, (ast.List, ast.Tuple)):
        return _merged(_of(asked, demand._replace(node=one), is_column) for one in node.elts)
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return _in_turns(asked, demand, node)
    if isinstance(node, ast.BinOp):
        return _together(asked, demand, [node.left, node.right])
    if isinstance(node, ast.Compare):
        return _together(asked, demand, [node.left, *node.comparators])
    if isinstance(node, ast.UnaryOp):
        return _of(asked, demand._replace(node=node.operand), False)
    if isinstance(node, ast.Attribute):
        if _is_col(asked, demand, node.value):
            return _columns(asked, [node.attr])
        return _of(asked, demand._replace(node=node.value), False)
    if isinstance(node, ast.Call):
        return _of_call(asked, demand, node)
    return {_series_name(node): [demand]}


def _merged(given: object) -> Made:
    found: Made = {}
    for one in given:  # type: ignore[attr-defined]  # it is a generator of them
        found.update(one)
    return found


def _in_turns(asked: Asked, demand: Demand, node: ast.ListComp | ast.GeneratorExp) -> Made:
    """``[pl.col(c) * 2 for c in names]``: the expression of each turn, with its name written in."""
    (generator, *others) = node.generators
    target = generator.target
    is_nested = any(isinstance(one, COMPREHENSIONS) for one in ast.walk(node.elt))
    if others or generator.ifs or is_nested or not isinstance(target, ast.Name):
        raise Undecided("the columns of an expression are made at run time")
    found: Made = {}
    for value in asked.known.texts(demand._replace(node=generator.iter)):
        turn = asked.known.keep(_Turn(target.id, value).visit(deepcopy(node.elt)))
        found.update(_of(asked, demand._replace(node=turn), True))
    return found


class _Turn(ast.NodeTransformer):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(self._value), node) if node.id == self._name else node


def _columns(asked: Asked, names: list[str]) -> Made:
    found: Made = {}
    for name in names:
        if name == "*":
            found.update(_columns(asked, list(asked.columns(asked.frame))))
        elif name.startswith("^") and name.endswith("$"):
            fitting = [one for one in asked.columns(asked.frame) if _fits(name, one)]
            found.update(_columns(asked, fitting))
        else:
            found[name] = asked.same(name)
    return found


def _fits(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        raise Undecided("the pattern of its columns can't be read") from None


def _together(asked: Asked, demand: Demand, nodes: list[ast.expr]) -> Made:
    """Has the names of the first of several; each is made of what has its name in the others."""
    first, *others = [_of(asked, demand._replace(node=one), False) for one in nodes]
    if len(first) == 1 and NO_NAME in first and len(nodes) > 1 and others:
        first, others = others[0], [first, *others[1:]]
    return {
        name: [*parts, *(part for other in others for part in _matching(other, name))]
        for name, parts in first.items()
    }


def _matching(made: Made, name: str) -> Parts:
    if len(made) > 1 and name in made:
        return made[name]
    return _all(made)


def _all(made: Made) -> Parts:
    return [part for parts in made.values() for part in parts]


def _of_call(asked: Asked, demand: Demand, call: ast.Call) -> Made:
    name = last_name(call)
    if callees(asked.known.world, call, demand.place, demand.context):
        return _of(asked, asked.known.followed(demand), False)
    if _is_function(asked, demand, call):
        return _of_function(asked, demand, call, name)
    func = call.func
    if not isinstance(func, ast.Attribute):
        return {NO_NAME: [demand]}
    if name in ("then", "otherwise", "when"):
        return _of_choice(asked, demand, call)
    if isinstance(func.value, ast.Attribute) and func.value.attr == "name":
        return _named(asked, demand._replace(node=func.value.value), call, name)
    base = _of(asked, demand._replace(node=func.value), False)
    if name == "alias":
        return {_given_text(asked, demand, call): _all(base)}
    if name == "exclude":
        gone = {one for arg in call.args for one in asked.known.texts(demand._replace(node=arg))}
        return {one: parts for one, parts in base.items() if one not in gone}
    if name in _ROWS_ONLY:
        return base
    values = [*call.args, *(one.value for one in call.keywords)]
    others = [_of(asked, demand._replace(node=one), False) for one in values if _may_hold(one)]
    return {
        one: [*parts, *(part for other in others for part in _matching(other, one))]
        for one, parts in base.items()
    }


def _given_text(asked: Asked, demand: Demand, call: ast.Call) -> str:
    """The one text that a call is given. Raises Undecided."""
    given = [*call.args, *(one.value for one in call.keywords)]
    texts = asked.known.texts(demand._replace(node=given[0], path=())) if given else []
    if len(texts) != 1:
        raise Undecided("the names of its columns are made at run time")
    return texts[0]


def _may_hold(node: ast.expr) -> bool:
    """Whether an argument can be an expression: a function that is handed on sees no more."""
    return not isinstance(node, (ast.Constant, ast.Lambda, ast.Dict))


def _named(asked: Asked, base: Demand, call: ast.Call, name: str) -> Made:
    """``pl.col(...).name.suffix("_x")``."""
    made = _of(asked, base, False)
    if name == "keep":
        return made
    change = _NAMED.get(name)
    if change is None:
        raise Undecided("the names of its columns are made at run time")
    text = _given_text(asked, base, call) if name in ("suffix", "prefix") else ""
    return {change(one, text): parts for one, parts in made.items()}


def _of_function(asked: Asked, demand: Demand, call: ast.Call, name: str) -> Made:
    """A function of polars' own: ``pl.col``, ``pl.lit``, ``pl.sum_horizontal``."""
    arguments = [demand._replace(node=one) for one in call.args]
    if name == "col":
        return _of_col(asked, arguments)
    if name == "all" and not arguments:
        return _columns(asked, ["*"])
    if name == "exclude":
        gone = {one for arg in arguments for one in asked.known.texts(arg)}
        kept = [one for one in asked.columns(asked.frame) if one not in gone]
        return _columns(asked, kept)
    if name == "lit":
        return {"literal": _all(_of(asked, arguments[0], False)) if arguments else []}
    if name in ("len", "count") and not arguments:
        return {"len": []}
    if name == "when":
        return _of_choice(asked, demand, call)
    named = [(one.arg, demand._replace(node=one.value)) for one in call.keywords]
    if name == "struct":
        arguments += [value for _, value in named]
    made = [_of(asked, one, True) for one in arguments]
    first = next((one for given in made for one in given), NO_NAME)
    if name in _EACH_BY_ITSELF:
        return _merged(made)
    return {first: [part for one in made for part in _all(one)]}


def _of_col(asked: Asked, arguments: list[Demand]) -> Made:
    try:
        return _columns(asked, [name for one in arguments for name in asked.known.texts(one)])
    except Undecided:
        raise Undecided(
            "which columns pl.col takes is made at run time, or goes by their type"
        ) from None


def _of_choice(asked: Asked, demand: Demand, call: ast.Call) -> Made:
    """``when(a).then(b).otherwise(c)`` has the name of b and is made of all three."""
    parts: Parts = []
    name = NO_NAME
    one: ast.expr = call
    while isinstance(one, ast.Call):
        kind = last_name(one)
        for argument in [*one.args, *(keyword.value for keyword in one.keywords)]:
            made = _of(asked, demand._replace(node=argument), kind != "when")
            parts += _all(made)
            if kind == "then":
                name = next(iter(made), NO_NAME)
        one = one.func.value if isinstance(one.func, ast.Attribute) else ast.Constant(None)
    return {name or "literal": parts}


def _is_function(asked: Asked, demand: Demand, call: ast.Call) -> bool:
    """Whether a function of a module is called, and no method of an expression."""
    func = call.func
    if isinstance(func, ast.Name):
        return func.id in _FUNCTIONS
    return isinstance(func, ast.Attribute) and asked.is_module(demand._replace(node=func.value))


def _is_col(asked: Asked, demand: Demand, node: ast.expr) -> bool:
    """Whether it is ``pl.col`` itself: ``pl.col.age`` is ``pl.col("age")``."""
    if isinstance(node, ast.Name):
        return node.id == "col"
    is_col = isinstance(node, ast.Attribute) and node.attr == "col"
    return is_col and asked.is_module(demand._replace(node=node.value))  # type: ignore[attr-defined]  # it is an attribute


def _series_name(node: ast.AST) -> str:
    """The name of a series of another frame: ``other["x"]``."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    is_text = isinstance(index, ast.Constant) and isinstance(index.value, str)
    return index.value if is_text else NO_NAME  # type: ignore[union-attr]  # it is a text


_ROWS_ONLY = frozenset({"over", "filter", "sort_by", "gather", "head", "tail", "slice", "cast"})
"""Methods whose arguments say which rows are taken, or in which order."""

_EACH_BY_ITSELF = frozenset(
    {"sum", "mean", "min", "max", "median", "std", "var", "first", "last", "n_unique", "all", "any"}
)
"""Functions that give a column for each that they are given."""

_FUNCTIONS = frozenset({"col", "lit", "when", "struct", "concat_str", "exclude"})

_NAMED: dict[str, Callable[[str, str], str]] = {
    "suffix": lambda name, text: f"{name}{text}",
    "prefix": lambda name, text: f"{text}{name}",
    "to_lowercase": lambda name, _: name.lower(),
    "to_uppercase": lambda name, _: name.upper(),
}
