"""The values of names and lists of names that code has in plain sight: no code is run for them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from whence.analysis.context import Demand
from whence.analysis.definition import COMPREHENSIONS, Comprehension
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided

if TYPE_CHECKING:
    from whence.analysis.known import Known

Bound: TypeAlias = "dict[str, Any]"
"""What the names of comprehensions around an expression stand for."""

_MOST = 10_000
"""Of longer lists the names are not told."""


def value_of(known: Known, demand: Demand, bound: Bound) -> Any:
    """A text, number, list or dictionary. Raises Undecided for what is made at run time."""
    try:
        return _value(known, demand, bound)
    except (TypeError, ValueError, LookupError):  # as the code itself would raise
        return _fail()


def _value(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    if isinstance(node, ast.Constant) and not demand.path:
        return node.value
    if isinstance(node, ast.Name) and node.id in bound:
        return bound[node.id]
    if demand.path:
        return _inner(known, demand)
    handle = _KINDS.get(type(node))
    if handle is not None:
        return handle(known, demand, bound)
    return known.value(known.followed(demand))


def _inner(known: Known, demand: Demand) -> Any:
    """A part of a value: by what all of it is, where the code shows that."""
    try:
        value = known.value(demand._replace(path=()))
    except Undecided:
        return known.value(known.followed(demand))
    for key in demand.path:
        if isinstance(value, dict) and isinstance(key, int):
            value = list(value)
        if isinstance(value, list) and isinstance(key, int):
            value = value[key]
        elif isinstance(value, dict) and isinstance(key, str) and key.startswith("["):
            value = value[key[1:]]
        else:
            _fail()
    return value


def texts_of(value: Any) -> list[str]:
    """The names that a value is: one text, or a list of texts. Raises Undecided."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise Undecided("the names of its columns are made at run time")


def _part(known: Known, demand: Demand, node: ast.AST, bound: Bound) -> Any:
    return value_of(known, demand._replace(node=node, path=()), bound)


def _elements(known: Known, demand: Demand, bound: Bound) -> list[Any]:
    node = demand.node
    assert isinstance(node, (ast.List, ast.Tuple, ast.Set))
    found: list[Any] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            found.extend(_list(_part(known, demand, element.value, bound)))
        else:
            found.append(_part(known, demand, element, bound))
    return found


def _dict(known: Known, demand: Demand, bound: Bound) -> dict[Any, Any]:
    node = demand.node
    assert isinstance(node, ast.Dict)
    found: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        told = _part(known, demand, value, bound)
        if key is None:
            found.update(told if isinstance(told, dict) else _fail())
        else:
            found[_hashable(_part(known, demand, key, bound))] = told
    return found


def _sum(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    assert isinstance(node, ast.BinOp)
    left, right = (_part(known, demand, one, bound) for one in (node.left, node.right))
    if isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list)):
        return left + right
    return _fail()


def _text(known: Known, demand: Demand, bound: Bound) -> str:
    node = demand.node
    assert isinstance(node, ast.JoinedStr)
    found = ""
    for one in node.values:
        if isinstance(one, ast.FormattedValue):
            if one.format_spec is not None or one.conversion != -1:
                _fail()
            found += str(_part(known, demand, one.value, bound))
        else:
            found += str(_part(known, demand, one, bound))
    return found


def _comprehension(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    assert isinstance(node, COMPREHENSIONS)
    inside = demand._replace(place=demand.place.scope.flow.places.get(id(node), demand.place))
    turns = list(_turns(known, inside, node, bound))
    if isinstance(node, ast.DictComp):
        return {
            _hashable(_part(known, inside, node.key, turn)): _part(known, inside, node.value, turn)
            for turn in turns
        }
    return [_part(known, inside, node.elt, turn) for turn in turns]


def _turns(known: Known, demand: Demand, node: Comprehension, bound: Bound) -> Iterator[Bound]:
    generator = node.generators[0]
    if len(node.generators) > 1 or not isinstance(generator.target, ast.Name):
        _fail()
    for one in _list(_part(known, demand, generator.iter, bound)):
        turn = {**bound, generator.target.id: one}  # type: ignore[attr-defined]  # it is a name
        if all(_holds(known, demand, test, turn) for test in generator.ifs):
            yield turn


def _holds(known: Known, demand: Demand, test: ast.expr, bound: Bound) -> bool:
    if isinstance(test, ast.BoolOp):
        told = (_holds(known, demand, one, bound) for one in test.values)
        return all(told) if isinstance(test.op, ast.And) else any(told)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return not _holds(known, demand, test.operand, bound)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        compare = _COMPARED.get(type(test.ops[0]))
        left = _part(known, demand, test.left, bound)
        right = _part(known, demand, test.comparators[0], bound)
        is_searched = isinstance(test.ops[0], (ast.In, ast.NotIn))
        if compare is not None and (not is_searched or isinstance(right, (str, list, dict))):
            return compare(left, right)
    if isinstance(test, ast.Call):
        told_value = _part(known, demand, test, bound)
        if isinstance(told_value, bool):
            return told_value
    return bool(_fail())


def _attribute(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    assert isinstance(node, ast.Attribute)
    if node.attr == "columns":
        return list(known.columns(demand._replace(node=node.value)))
    if node.attr in ("str", "values"):
        found = _part(known, demand, node.value, bound)
        return found if isinstance(found, list) else _fail()
    try:
        return known.value(known.followed(demand))
    except Undecided:
        written = known.world.only_write(node.attr)
        if written is None:
            raise
        return known.value(written)


def _item(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    assert isinstance(node, ast.Subscript)
    base = _part(known, demand, node.value, bound)
    if isinstance(node.slice, ast.Slice):
        bounds = (node.slice.lower, node.slice.upper, node.slice.step)
        taken = slice(*(_part(known, demand, one, bound) if one else None for one in bounds))
        return base[taken] if isinstance(base, (list, str)) and _is_plain(taken) else _fail()
    key = _part(known, demand, node.slice, bound)
    if isinstance(base, dict) and isinstance(key, (str, int)) and key in base:
        return base[key]
    if isinstance(base, list) and isinstance(key, int) and -len(base) <= key < len(base):
        return base[key]
    return _fail()


def _negative(known: Known, demand: Demand, bound: Bound) -> Any:
    node = demand.node
    assert isinstance(node, ast.UnaryOp)
    value = _part(known, demand, node.operand, bound)
    return -value if isinstance(node.op, ast.USub) and isinstance(value, int) else _fail()


def _call(known: Known, demand: Demand, bound: Bound) -> Any:
    call = demand.node
    assert isinstance(call, ast.Call)
    name = last_name(call)
    if call.keywords:
        return known.value(known.followed(demand))
    if isinstance(call.func, ast.Name) and name in _MADE:
        given = [_part(known, demand, one, bound) for one in call.args]
        lists = [list(one) if isinstance(one, str) else _list(one) for one in given]
        return _MADE[name](*lists) if lists else []
    if isinstance(call.func, ast.Attribute):
        base = _part(known, demand, call.func.value, bound)
        arguments = [_part(known, demand, one, bound) for one in call.args]
        if isinstance(base, str):
            return _of_text(name, base, arguments)
        if isinstance(base, list):
            return _of_list(name, base, arguments)
        if isinstance(base, dict) and not arguments and name in _OF_DICTS:
            return _OF_DICTS[name](base)
    return known.value(known.followed(demand))


def _of_text(name: str, base: str, arguments: list[Any]) -> Any:
    method = _OF_TEXTS.get(name)
    if method is None or len(arguments) > 2 or not all(isinstance(a, str) for a in arguments):
        return _fail()
    if name == "replace" and len(arguments) != 2:
        return _fail()
    return method(base, *arguments)


def _of_list(name: str, base: list[Any], arguments: list[Any]) -> list[Any]:
    if name in ("tolist", "to_list", "copy"):
        return base
    if name in ("difference", "drop") and len(arguments) == 1:
        left = [one for one in base if one not in _list(arguments[0], is_one=True)]
        return sorted(left) if name == "difference" else left
    if name in _OF_TEXTS:
        return [_of_text(name, one, arguments) for one in texts_of(base)]
    return list(_fail())


def _list(value: Any, is_one: bool = False) -> list[Any]:
    if is_one and isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value)
    return value if isinstance(value, list) and len(value) <= _MOST else _fail()


def _hashable(value: Any) -> Any:
    return value if isinstance(value, (str, int, float)) else _fail()


def _is_plain(taken: slice) -> bool:
    return all(isinstance(one, int | None) for one in (taken.start, taken.stop)) and not taken.step


def _fail() -> Any:
    raise Undecided("the names of its columns are made at run time")


_MADE: dict[str, Callable[..., Any]] = {
    "list": list,
    "tuple": list,
    "set": list,
    "sorted": lambda one: sorted(texts_of(one)),
    "enumerate": lambda one: [list(pair) for pair in enumerate(one)],
    "reversed": lambda one: one[::-1],
    "zip": lambda *lists: [list(pair) for pair in zip(*lists, strict=False)],
    "dict": lambda pairs: {pair[0]: pair[1] for pair in map(_list, pairs) if len(pair) == 2},
}

_OF_DICTS: dict[str, Callable[[dict[Any, Any]], list[Any]]] = {
    "keys": list,
    "values": lambda one: list(one.values()),
    "items": lambda one: [list(pair) for pair in one.items()],
}

_OF_TEXTS: dict[str, Callable[..., Any]] = {
    **{name: getattr(str, name) for name in ("lower", "upper", "strip", "title", "capitalize")},
    **{name: getattr(str, name) for name in ("replace", "startswith", "endswith")},
    **{name: getattr(str, name) for name in ("removeprefix", "removesuffix")},
}

_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda one, other: bool(one == other),
    ast.NotEq: lambda one, other: bool(one != other),
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}

_KINDS: dict[type[ast.AST], Callable[[Known, Demand, Bound], Any]] = {
    **dict.fromkeys((ast.List, ast.Tuple, ast.Set), _elements),
    **dict.fromkeys(COMPREHENSIONS, _comprehension),
    ast.Dict: _dict,
    ast.BinOp: _sum,
    ast.JoinedStr: _text,
    ast.Attribute: _attribute,
    ast.Subscript: _item,
    ast.UnaryOp: _negative,
    ast.Call: _call,
}
