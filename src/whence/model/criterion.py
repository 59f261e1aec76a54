"""What a search asks: the tree that a filter text parses to and that a store answers.

A field is (space, key): ``("params", "lr")``, ``("metrics", "acc")`` (the latest value),
``("tags", "team")``, or ``("attributes", "status")`` for what every run has: ``run_id``, ``name``,
``status``, ``kind``, ``start_time``, ``end_time`` (both nanoseconds), ``user``, ``commit``,
``host``, ``experiment``. ``run_id`` is text as `whence._base.ids.format_id` spells it.

What a comparison means is the same in every store. A field that a run does not have makes every
comparison false but ``is null``, and ``Not`` of it true (two-valued, unlike SQL's NULL). Numbers
(``True`` is 1) compare with numbers, text with text (and any other value as the text that ``str``
gives); of two types ``!=`` holds and all else does not. None is as good as missing. NaN matches
nothing, not even ``!=``. ``like`` and ``ilike`` hold for text only: ``%`` any characters, ``_``
one; ``like`` minds the case, ``ilike`` does not.
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
