"""The small language of searches: MLflow's field names, to the tree that a store answers.

    params.lr > 0.01 and metrics.acc >= 0.9
    status = 'failed' or (tags."team name" like 'vision%' and start_time > '2026-11-01')

A comparison with something a run does not have does not hold; so ``not`` of it does. Numbers
compare with numbers and text with text; NaN never matches.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from whence._base.errors import FilterError
from whence.model.criterion import Criterion, Order
from whence.query.filter_tree import TreeBuilder

MAX_LENGTH = 20_000
"""Characters a filter may have. A list of a thousand run ids fits."""

_EXPECTED = {
    "COMPARE": "a comparison (= != < <= > >=)",
    "LIKE": "LIKE or ILIKE",
    "_IN": "IN",
    "_IS": "IS NULL",
    "_NULL": "NULL",
    "_NOT": "NOT",
    "_AND": "AND",
    "_OR": "OR",
    "SPACE": "a field such as params.lr",
    "WORD": "a field such as status",
    "KEY": "a key",
    "QUOTED_KEY": "a quoted key",
    "NUMBER": "a number",
    "TEXT": "a text in quotes",
    "TRUTH": "true or false",
    "LPAR": "a parenthesis",
    "RPAR": "a closing parenthesis",
    "COMMA": "a comma",
    "_ASC": "ASC",
    "_DESC": "DESC",
    "$END": "the end",
}


def parse_filter(text: str) -> Criterion:
    """The criterion that ``text`` spells.

    Raises FilterError with the column and what was expected there.

    >>> parse_filter("params.lr > 0.01").operator
    '>'
    """
    result: Criterion = _parse(text, "filter")
    return result


def parse_orders(text: str) -> tuple[Order, ...]:
    """The order that ``metrics.acc DESC, start_time`` spells.

    Raises FilterError with the column and what was expected there.
    """
    result: tuple[Order, ...] = _parse(text, "orders")
    return result


def _parse(text: str, start: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise FilterError(f"The filter has {len(text)} characters; at most {MAX_LENGTH} are read")
    if not text.strip():
        raise FilterError("The filter is empty; leave it out to get everything")
    try:
        return _parser(start).parse(text)
    except UnexpectedInput as error:
        raise FilterError(_explain(text, error)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, FilterError):
            raise error.orig_exc from None
        raise


@cache
def _parser(start: str) -> Lark:
    grammar = files("whence.query").joinpath("filter.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", start=start, transformer=TreeBuilder())


def _explain(text: str, error: UnexpectedInput) -> str:
    expected = _in_words(_accepted(error))
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return f"The filter ends too early: expected {expected}"
    at = error.pos_in_stream or 0
    found = error.token if isinstance(error, UnexpectedToken) else Token("", text[at : at + 1])
    if str(found) in "'\"`":
        return f"Column {at + 1}: the quote {found} is not closed"
    return f"Column {at + 1}: expected {expected}, found {str(found)!r}"


def _accepted(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts)
    return set(getattr(error, "allowed", None) or ())


def _in_words(terminals: set[str]) -> str:
    words = [phrase for name, phrase in _EXPECTED.items() if name in terminals]
    if len(words) < 2:
        return "".join(words) or "something else"
    return f"{', '.join(words[:-1])} or {words[-1]}"
