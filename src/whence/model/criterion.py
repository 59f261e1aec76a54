"""What a search asks: the tree that a filter text parses to and that a store answers.

A field is (space, key): ``("params", "lr")``, ``("metrics", "acc")`` (the latest value),
``("tags", "team")``, or ``("attributes", "status")`` for what every run has: ``run_id``, ``name``,
``status``, ``kind``, ``start_time``, ``end_time`` (both nanoseconds), ``user``, ``commit``,
``host``, ``experiment``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Space = Literal["params", "metrics", "tags", "attributes"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "like", "ilike", "in", "is null"]
Constant = str | int | float | bool


class Field(msgspec.Struct, frozen=True):
    space: Space
    key: str


class Comparison(msgspec.Struct, frozen=True, tag=True):
    """``field operator value``; for ``in`` the values are several, for ``is null`` none."""

    field: Field
    operator: Operator
    values: tuple[Constant, ...] = ()


class Not(msgspec.Struct, frozen=True, tag=True):
    criterion: Criterion


class All(msgspec.Struct, frozen=True, tag=True):
    """Every one of them holds (AND)."""

    criteria: tuple[Criterion, ...]


class AnyOf(msgspec.Struct, frozen=True, tag=True):
    """At least one of them holds (OR)."""

    criteria: tuple[Criterion, ...]


Criterion = Comparison | Not | All | AnyOf


class Order(msgspec.Struct, frozen=True):
    """By which field a list of runs is sorted."""

    field: Field
    descending: bool = False
