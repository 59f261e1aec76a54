"""From the grammar's rules to the criterion: what each field, operator and constant means."""

from __future__ import annotations

from typing import Any

from lark import Token, Transformer, v_args

from whence._base.errors import FilterError
from whence.model.criterion import All, AnyOf, Comparison, Criterion, Field, Not, Order
from whence.query.filter_value import (
    Literal,
    column_of,
    comparison,
    key_of_attribute,
    literal,
    space_of,
)

MAX_DEPTH = 100


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Any]):
    """Called by the parser from the leaves up, so no depth of nesting overflows the stack."""

    def filter(self, criterion: Criterion) -> Criterion:
        if _depth(criterion) > MAX_DEPTH:
            raise FilterError(f"The filter is nested more than {MAX_DEPTH} levels deep")
        return criterion

    def orders(self, *orders: Order) -> tuple[Order, ...]:
        return orders

    def either(self, *criteria: Criterion) -> Criterion:
        return criteria[0] if len(criteria) == 1 else AnyOf(criteria)

    def both(self, *criteria: Criterion) -> Criterion:
        return criteria[0] if len(criteria) == 1 else All(criteria)

    def negation(self, criterion: Criterion) -> Criterion:
        return Not(criterion)

    def group(self, criterion: Criterion) -> Criterion:
        return criterion

    def compare(self, field: Field, operator: Token, constant: Literal) -> Criterion:
        return comparison(field, operator, constant)

    def like(self, field: Field, operator: Token, pattern: Token) -> Criterion:
        return comparison(field, operator, literal(pattern, "text"))

    def not_like(self, field: Field, operator: Token, pattern: Token) -> Criterion:
        return Not(self.like(field, operator, pattern))

    def is_in(self, field: Field, constants: tuple[Literal, ...]) -> Criterion:
        each = tuple(comparison(field, Token("COMPARE", "="), constant) for constant in constants)
        return _as_list(field, each) or AnyOf(each)

    def not_in(self, field: Field, constants: tuple[Literal, ...]) -> Criterion:
        return Not(self.is_in(field, constants))

    def is_null(self, field: Field) -> Criterion:
        return Comparison(field, "is null")

    def not_null(self, field: Field) -> Criterion:
        return Not(Comparison(field, "is null"))

    def ascending(self, field: Field) -> Order:
        return Order(field)

    def descending(self, field: Field) -> Order:
        return Order(field, descending=True)

    def spaced(self, space: Token, key: Token) -> Field:
        return space_of(space, key)

    def bare(self, word: Token) -> Field:
        return Field("attributes", key_of_attribute(str(word), column_of(word)))

    def plain_key(self, key: Token) -> Token:
        return key

    def quoted_key(self, key: Token) -> Token:
        return Token.new_borrow_pos(key.type, _unquoted(key), key)

    def constants(self, *constants: Literal) -> tuple[Literal, ...]:
        return constants

    def number(self, token: Token) -> Literal:
        return literal(token, "number")

    def text(self, token: Token) -> Literal:
        return literal(token, "text")

    def truth(self, token: Token) -> Literal:
        return literal(token, "truth")


def _unquoted(token: Token) -> str:
    quote = token[0]
    return str(token[1:-1]).replace(quote * 2, quote)


def _as_list(field: Field, each: tuple[Criterion, ...]) -> Criterion | None:
    """One ``in`` for what are plain equalities all of them, else None."""
    flat = [part for one in each for part in (one.criteria if isinstance(one, AnyOf) else (one,))]
    values = [
        part.values[0]
        for part in flat
        if isinstance(part, Comparison) and part.operator == "=" and part.field == field
    ]
    if len(values) != len(flat):
        return None
    return Comparison(
        field, "in", tuple({(type(value), value): value for value in values}.values())
    )


def _depth(criterion: Criterion) -> int:
    deepest, open_ = 0, [(criterion, 1)]
    while open_:
        one, depth = open_.pop()
        deepest = max(deepest, depth)
        if isinstance(one, Not):
            open_.append((one.criterion, depth + 1))
        elif isinstance(one, All | AnyOf):
            open_.extend((part, depth + 1) for part in one.criteria)
    return deepest
