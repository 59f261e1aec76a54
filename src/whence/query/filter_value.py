"""What a field of a filter may be compared with, and the forms one constant may have.

Parameters keep their type, so ``params.lr = '0.01'``, as it is written for MLflow, means the text
or the number. Times are ISO 8601 (without a zone: local) or, as with MLflow, milliseconds. A
commit or run id may be given by its start.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

from lark import Token

from whence._base.errors import FilterError
from whence.model.criterion import (
    All,
    AnyOf,
    Comparison,
    Constant,
    Criterion,
    Field,
    Not,
    Operator,
    Space,
)

_SPACES: dict[str, Space] = {
    "params": "params", "param": "params", "parameters": "params", "parameter": "params",
    "metrics": "metrics", "metric": "metrics",
    "tags": "tags", "tag": "tags",
    "attributes": "attributes", "attribute": "attributes", "attr": "attributes",
    "run": "attributes",
}  # fmt: skip

ATTRIBUTES = (
    "run_id", "name", "status", "kind", "start_time", "end_time", "user", "commit", "host",
    "experiment",
)  # fmt: skip
"""What every run has; filters name them bare or as ``attributes.…``."""

_ATTRIBUTES = {name: name for name in ATTRIBUTES} | {
    "id": "run_id", "run_name": "name", "created": "start_time", "time": "start_time",
    "user_id": "user", "experiment_name": "experiment",
}  # fmt: skip
_TIMES = ("start_time", "end_time")
_IDENTIFIERS = {"commit": 40, "run_id": 36}
_STATUSES = {name: name for name in ("running", "finished", "failed", "interrupted")} | {
    "killed": "interrupted"
}
_TRUTHS = {"true": True, "false": False}


class Literal(NamedTuple):
    """A constant of the filter and the column (from 1) where it stands."""

    value: Constant
    column: int


def literal(token: Token, form: str) -> Literal:
    """The constant that a token spells."""
    return Literal(_constant(token, form), column_of(token))


def column_of(token: Token) -> int:
    """Where a token begins in the text, from 1."""
    return (token.start_pos or 0) + 1


def space_of(space: Token, key: Token) -> Field:
    """The field ``space.key``. Raises FilterError for a space that filters don't have."""
    name = _SPACES.get(str(space).rstrip(". \t\n").lower())
    if name is None:
        raise _error(
            column_of(space), f"expected params, metrics, tags or attributes, found {str(space)!r}"
        )
    if name == "attributes":
        return Field(name, key_of_attribute(str(key), column_of(key)))
    return Field(name, str(key))


def key_of_attribute(name: str, column: int) -> str:
    """The attribute's own name. Raises FilterError for one that runs don't have."""
    key = _ATTRIBUTES.get(name.lower().replace(" ", "_"))
    if key is None:
        known = ", ".join(ATTRIBUTES)
        raise _error(
            column,
            f"expected a field, found {name!r}. Fields are {known}, "
            "and params., metrics. and tags. with a key",
        )
    return key


def comparison(field: Field, operator: Token, constant: Literal) -> Criterion:
    """``field operator constant`` with all the forms that the constant may have in a store.

    Raises FilterError where the field can't be compared so.
    """
    name = _operator(operator)
    if name in ("like", "ilike"):
        _refuse_numbers(field, operator)
        return Comparison(field, name, (constant.value,))
    if field.key in _IDENTIFIERS and field.space == "attributes":
        return _identifier(field, name, constant)
    values = _forms(field, name, constant)
    each = tuple(Comparison(field, name, (value,)) for value in values)
    if len(each) == 1:
        return each[0]
    return All(each) if name == "!=" else AnyOf(each)


def _operator(token: Token) -> Operator:
    text = token.lower()
    return cast(Operator, {"==": "=", "<>": "!="}.get(text, text))


def _refuse_numbers(field: Field, operator: Token) -> None:
    if field.space == "metrics" or (field.space == "attributes" and field.key in _TIMES):
        raise _error(
            column_of(operator),
            f"{spell(field)} is not a text; {operator.upper()} compares texts only",
        )


def _forms(field: Field, operator: Operator, constant: Literal) -> tuple[Constant, ...]:
    if field.space == "metrics":
        return (_number(field, constant),)
    if field.space != "attributes":
        return _typed_forms(constant.value)
    if field.key in _TIMES:
        return (_nanoseconds(field, constant),)
    if not isinstance(constant.value, str):
        raise _error(constant.column, f"expected a text in quotes for {spell(field)}")
    if field.key == "status" and operator in ("=", "!="):
        return (_status(constant),)
    return (constant.value,)


def _typed_forms(value: Constant) -> tuple[Constant, ...]:
    if not isinstance(value, str):
        return (value,)
    if value.lower() in _TRUTHS:
        return (value, _TRUTHS[value.lower()])
    for form in (int, float):
        try:
            number = form(value)
        except ValueError:
            continue
        return (value, number) if number == number else (value,)
    return (value,)


def _number(field: Field, constant: Literal) -> Constant:
    if isinstance(constant.value, str):
        raise _error(constant.column, f"expected a number for {spell(field)}, found a text")
    return constant.value


def _nanoseconds(field: Field, constant: Literal) -> int:
    value = constant.value
    if not isinstance(value, str):
        return int(value * 1_000_000)
    try:
        moment = datetime.fromisoformat(value).astimezone()
    except (ValueError, OverflowError):
        raise _error(
            constant.column, f"expected a time such as '2026-11-20 14:00' for {spell(field)}"
        ) from None
    whole = moment.replace(microsecond=0)
    return int(whole.timestamp()) * 1_000_000_000 + moment.microsecond * 1000


def _status(constant: Literal) -> str:
    status = _STATUSES.get(str(constant.value).lower())
    if status is None:
        raise _error(constant.column, "expected 'running', 'finished', 'failed' or 'interrupted'")
    return status


def _identifier(field: Field, operator: Operator, constant: Literal) -> Criterion:
    value = constant.value
    if not isinstance(value, str):
        raise _error(constant.column, f"expected a text in quotes for {spell(field)}")
    value = value.lower()
    digits = value.replace("-", "")
    is_start = 4 <= len(value) < _IDENTIFIERS[field.key] and not digits.strip("0123456789abcdef")
    if operator not in ("=", "!=") or not is_start:
        return Comparison(field, operator, (value,))
    if field.key == "run_id":
        value = _dashed(digits)
    starts = Comparison(field, "like", (value + "%",))
    return starts if operator == "=" else All((Not(Comparison(field, "is null")), Not(starts)))


def _dashed(digits: str) -> str:
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(part for part in parts if part)


def _constant(token: Token, form: str) -> Constant:
    if form == "truth":
        return token.lower() == "true"
    if form == "text":
        return str(token[1:-1]).replace(token[0] * 2, token[0])
    digits = token.replace("_", "")
    if any(mark in digits.lower() for mark in ".e"):
        return float(digits)
    number = int(digits)
    return number if -(1 << 63) <= number < 1 << 63 else float(number)


def spell(field: Field) -> str:
    """The field as a person writes it."""
    return field.key if field.space == "attributes" else f"{field.space}.{field.key}"


def _error(column: int, message: str) -> FilterError:
    return FilterError(f"Column {column}: {message}")
