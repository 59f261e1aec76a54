"""Features that transformers of scikit-learn name: ``cat__town_a`` is made of ``town``."""

from __future__ import annotations

import ast
from typing import NamedTuple

from whence.analysis.asked import Asked, Parts
from whence.analysis.context import Demand
from whence.analysis.framecall import Handle, starts_of
from whence.analysis.layout import ONE_TO_ONE
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided

_BY_VALUE = frozenset({"OneHotEncoder", "KBinsDiscretizer", "TargetEncoder", "MultiLabelBinarizer"})
"""Transformers that name a feature after a column and one of its values."""

_MIXING = frozenset(
    {"PCA", "TruncatedSVD", "FastICA", "NMF", "KernelPCA", "FactorAnalysis", "IncrementalPCA"}
)
"""Transformers of which each feature is made of all columns."""

_KEPT = frozenset({*ONE_TO_ONE, "SimpleImputer", "SelectKBest", "VarianceThreshold", "RFE"})
"""Transformers whose features have the names of columns."""

_HANDED_ON = frozenset({"set_output", "fit", "clone"})


class _Given(NamedTuple):
    """The columns that a transformer is given; None where they are not known."""

    names: list[str] | None

    def has(self, name: str) -> bool:
        return self.names is None or name in self.names

    def all(self) -> list[str]:
        if self.names is None:
            raise Undecided("a feature is made of all columns that its transformer is given")
        return self.names


def _transformed(asked: Asked) -> Parts | None:
    """None for what is no transformer whose names can be told."""
    if asked.base is None or not asked.call.args:
        return None
    frame = asked.call.args[0]
    try:
        given = _Given(list(asked.columns(frame)))
    except Undecided:
        given = _Given(None)
    maker = _maker(asked, asked.at(asked.base))
    found = _inputs(asked, maker, asked.name, given) if maker is not None else None
    return None if found is None else [p for name in found for p in asked.of(frame, name)]


def _maker(asked: Asked, demand: Demand) -> Demand | None:
    """The call that made a transformer."""
    world = asked.known.world
    for _ in range(8):
        found = [one for one in world.origins(demand) if isinstance(one.node, ast.Call)]
        if len(found) != 1 or found[0].path:
            return None
        call = found[0].node
        assert isinstance(call, ast.Call)
        if last_name(call) not in _HANDED_ON:
            return found[0]
        is_method = isinstance(call.func, ast.Attribute) and last_name(call) != "clone"
        inner = call.func.value if is_method else (call.args or [call])[0]  # type: ignore[attr-defined]  # it is an attribute
        demand = found[0]._replace(node=inner)
    return None


def _inputs(asked: Asked, maker: Demand, name: str, given: _Given) -> list[str] | None:
    """The columns that a feature is made of; None for a transformer that is not known."""
    kind = last_name(maker.node)
    if kind in _BY_VALUE:
        found = [start for start in starts_of(name, "_") if given.has(start)]
        return found or ([name] if given.has(name) else [])
    if kind in _KEPT:
        old = name.removeprefix("missingindicator_")
        return [old] if given.has(old) else []
    if kind == "PolynomialFeatures":
        return [part.partition("^")[0] for part in name.split(" ") if part != "1"]
    if kind in _MIXING:
        return given.all()
    if kind in ("Pipeline", "make_pipeline"):
        return _through(asked, maker, name, given)
    if kind in ("ColumnTransformer", "make_column_transformer"):
        return _of_parts(asked, maker, name, given)
    return None


def _through(asked: Asked, maker: Demand, name: str, given: _Given) -> list[str] | None:
    """Back through the steps of a pipeline, of which the first alone knows the columns."""
    names = [name]
    steps = [step for _, step, _ in _parts(asked, maker)]
    for number, step in reversed(list(enumerate(steps))):
        one = _maker(asked, step) if step is not None else None
        before = given if number == 0 or _keeps(asked, steps[:number]) else _Given(None)
        found: dict[str, None] = {}
        for each in names:
            inputs = _inputs(asked, one, each, before) if one is not None else None
            if inputs is None:
                return None
            found.update(dict.fromkeys(inputs))
        names = list(found)
    return names


def _keeps(asked: Asked, steps: list[Demand | None]) -> bool:
    makers = [_maker(asked, one) if one is not None else None for one in steps]
    return all(one is not None and last_name(one.node) in _KEPT for one in makers)


_Part = tuple[str, Demand | None, ast.expr | None]
"""A part of a transformer: its name, its transformer (None for a text) and its columns."""


def _of_parts(asked: Asked, maker: Demand, name: str, given: _Given) -> list[str] | None:
    """Of a ColumnTransformer: the part by its prefix, or without prefixes any that fits."""
    call = maker.node
    assert isinstance(call, ast.Call)
    made = asked._replace(call=call, demand=maker)
    is_bare = made.is_given("verbose_feature_names_out", False)
    prefix, _, rest = name.partition("__")
    if not is_bare and prefix == "remainder" and rest:
        return [rest]
    found: list[str] = []
    for part, transformer, columns in _parts(asked, maker):
        if not is_bare and (part != prefix or not rest):
            continue
        own = _columns(asked, maker, columns, given)
        inputs = _of_part(asked, transformer, name if is_bare else rest, own)
        if inputs is None:
            return None
        found += inputs
    return list(dict.fromkeys(found)) or ([name] if is_bare else [])


def _of_part(asked: Asked, transformer: Demand | None, name: str, own: _Given) -> list[str] | None:
    if transformer is None:  # "passthrough"
        return [name] if own.has(name) else []
    maker = _maker(asked, transformer)
    return _inputs(asked, maker, name, own) if maker is not None else None


def _columns(asked: Asked, maker: Demand, columns: ast.expr | None, given: _Given) -> _Given:
    if columns is None:
        return given
    try:
        return _Given(asked.known.texts(maker._replace(node=columns)))
    except Undecided:  # by their type, or by a function
        return given


def _parts(asked: Asked, maker: Demand) -> list[_Part]:
    """The transformers that another is made of, as its call lists them. Raises Undecided."""
    call = maker.node
    assert isinstance(call, ast.Call)
    is_bare = last_name(call).startswith("make_")
    listed: list[ast.expr] = list(call.args)
    where = maker
    if not is_bare:
        made = asked._replace(call=call, demand=maker)
        given = made.argument(0, "transformers", "steps")
        where = asked.known.written(maker._replace(node=given)) if given is not None else maker
        if not isinstance(where.node, (ast.List, ast.Tuple)):
            raise Undecided("the parts of a transformer are made at run time")
        listed = where.node.elts
    found: list[_Part] = []
    for one in listed:
        elements = list(one.elts) if isinstance(one, ast.Tuple) else [one]
        if not is_bare:
            if len(elements) < 2:
                raise Undecided("the parts of a transformer are made at run time")
            part = asked.known.texts(where._replace(node=elements[0]))[0]
            elements = elements[1:]
        else:
            part = _class_name(asked, where._replace(node=elements[0]))
        is_text = isinstance(elements[0], ast.Constant)
        transformer = None if is_text else where._replace(node=elements[0])
        found.append((part, transformer, elements[1] if len(elements) > 1 else None))
    return _numbered(found) if is_bare else found


def _class_name(asked: Asked, demand: Demand) -> str:
    maker = _maker(asked, demand)
    return last_name(maker.node).lower() if maker is not None else ""


def _numbered(parts: list[_Part]) -> list[_Part]:
    """Of several of one class, each has its number."""
    names = [name for name, _, _ in parts]
    seen: dict[str, int] = {}
    found: list[_Part] = []
    for name, transformer, columns in parts:
        seen[name] = seen.get(name, 0) + 1
        told = f"{name}-{seen[name]}" if names.count(name) > 1 else name
        found.append((told, transformer, columns))
    return found


ENCODED: dict[str, Handle] = dict.fromkeys(("transform", "fit_transform"), _transformed)
"""What a feature that a transformer gives is made of."""
