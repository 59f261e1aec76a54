"""What a filter text means, and what a wrong one is told."""

from __future__ import annotations

import pytest

from whence._base.errors import FilterError
from whence.model.criterion import All, AnyOf, Comparison, Criterion, Field, Not, Order
from whence.query.filter import parse_filter, parse_orders


def param(key: str, operator: str, *values: object) -> Comparison:
    return Comparison(Field("params", key), operator, values)  # type: ignore[arg-type]


def attribute(key: str, operator: str, *values: object) -> Comparison:
    return Comparison(Field("attributes", key), operator, values)  # type: ignore[arg-type]


A, B, C = (param(key, "=", 1) for key in "abc")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("params.a = 1 and params.b = 1 or params.c = 1", AnyOf((All((A, B)), C))),
        ("params.a = 1 or params.b = 1 and params.c = 1", AnyOf((A, All((B, C))))),
        ("(params.a = 1 or params.b = 1) and params.c = 1", All((AnyOf((A, B)), C))),
        ("not params.a = 1 and params.b = 1", All((Not(A), B))),
        ("not (params.a = 1 and params.b = 1)", Not(All((A, B)))),
        ("NOT NOT params.a = 1", Not(Not(A))),
        ("params.a = 1 AND params.b = 1 And params.c = 1", All((A, B, C))),
        ("((params.a = 1))", A),
    ],
)
def test_not_binds_closer_than_and_and_and_closer_than_or(text: str, meaning: Criterion) -> None:
    assert parse_filter(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("params.lr > 0.01", param("lr", ">", 0.01)),
        ("params.lr<=1e-3", param("lr", "<=", 0.001)),
        ("params.n == -5", param("n", "=", -5)),
        ("params.n <> +5", param("n", "!=", 5)),
        ("params.n > 9_000", param("n", ">", 9000)),
        ("params.n = 9223372036854775808", param("n", "=", 9223372036854775808.0)),
        ("parameters.shuffle = TRUE", param("shuffle", "=", True)),
        ('params."learning rate" = 1', param("learning rate", "=", 1)),
        ("params.`learning rate` = 1", param("learning rate", "=", 1)),
        ("params.`a``b` = 1", param("a`b", "=", 1)),
        ("params.train/lr.decay-1 = 1", param("train/lr.decay-1", "=", 1)),
        ("params.not = 1 and params.in in (1)", All((param("not", "=", 1), param("in", "in", 1)))),
        ("params.name = 'it''s'", param("name", "=", "it's")),
        ('params.name = "it\'s"', param("name", "=", "it's")),
        ("params.é = 'ü'", param("é", "=", "ü")),
        ("params.name like 'a%'", param("name", "like", "a%")),
        ("params.name not ilike 'a%'", Not(param("name", "ilike", "a%"))),
        ("params.a in (1, 'x', true)", param("a", "in", 1, "x", True)),
        ("params.a not in (1)", Not(param("a", "in", 1))),
        ("params.a is null", param("a", "is null")),
        ("params.a IS NOT NULL", Not(param("a", "is null"))),
        ("tags.team = 'x'", Comparison(Field("tags", "team"), "=", ("x",))),
        ("metric.acc >= 0.9", Comparison(Field("metrics", "acc"), ">=", (0.9,))),
        ("status = 'finished'", attribute("status", "=", "finished")),
        ("attributes.status = 'FINISHED'", attribute("status", "=", "finished")),
        ("status != 'KILLED'", attribute("status", "!=", "interrupted")),
        ("run_name ilike '%train%'", attribute("name", "ilike", "%train%")),
        ("attributes.`Run ID` is not null", Not(attribute("run_id", "is null"))),
        ("start_time > 1000", attribute("start_time", ">", 1_000_000_000)),
        ("start_time > '1970-01-01T00:00:01.5Z'", attribute("start_time", ">", 1_500_000_000)),
        ("end_time < '1970-01-01T02:00:01+02:00'", attribute("end_time", "<", 1_000_000_000)),
    ],
)
def test_a_comparison_keeps_field_operator_and_typed_value(text: str, meaning: Criterion) -> None:
    assert parse_filter(text) == meaning


def test_a_number_written_as_text_means_the_number_too_since_mlflow_users_write_it_so() -> None:
    assert parse_filter("params.lr = '0.1'") == AnyOf(
        (param("lr", "=", "0.1"), param("lr", "=", 0.1))
    )
    assert parse_filter("params.n != '3'") == All((param("n", "!=", "3"), param("n", "!=", 3)))
    assert parse_filter("params.n in ('3', 'x')") == param("n", "in", "3", 3, "x")
    assert parse_filter("params.on = 'True'") == AnyOf(
        (param("on", "=", "True"), param("on", "=", True))
    )
    assert parse_filter("params.lr = 'nan'") == param("lr", "=", "nan")


def test_a_commit_or_run_id_may_be_given_by_its_start() -> None:
    starts = attribute("commit", "like", "ab12cd%")
    assert parse_filter("commit = 'AB12cd'") == starts
    assert parse_filter("commit != 'ab12cd'") == All(
        (Not(attribute("commit", "is null")), Not(starts))
    )
    assert parse_filter("run_id = '0193f2a1a'") == attribute("run_id", "like", "0193f2a1-a%")
    full = "0193f2a1-aaaa-7aaa-8aaa-aaaaaaaaaaaa"
    assert parse_filter(f"run_id = '{full}'") == attribute("run_id", "=", full)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "The filter is empty; leave it out to get everything"),
        (
            "params.lr >",
            "The filter ends too early: expected a number, a text in quotes or true or false",
        ),
        (
            "params.lr > and",
            "Column 13: expected a number, a text in quotes or true or false, found 'and'",
        ),
        ("params.a = 1 params.b = 2", "Column 14: expected AND, OR or the end, found 'params.'"),
        ("(params.a = 1", "The filter ends too early: expected a closing parenthesis"),
        ("params.a = 'x", "Column 12: the quote ' is not closed"),
        (
            "params.a = 1.5x",
            "Column 12: expected a number, a text in quotes or true or false, found '1.5x'",
        ),
        ("foo.a = 1", "Column 1: expected params, metrics, tags or attributes, found 'foo.'"),
        ("metrics.a = 'x'", "Column 13: expected a number for metrics.a, found a text"),
        ("metrics.a like 'x'", "Column 11: metrics.a is not a text; LIKE compares texts only"),
        ("status = 'done'", "Column 10: expected 'running', 'finished', 'failed' or 'interrupted'"),
        ("name = 3", "Column 8: expected a text in quotes for name"),
        (
            "start_time > 'soon'",
            "Column 14: expected a time such as '2026-11-20 14:00' for start_time",
        ),
        (
            "params.a in ()",
            "Column 14: expected a number, a text in quotes or true or false, found ')'",
        ),
    ],
)
def test_a_wrong_filter_is_told_the_column_and_what_was_expected(text: str, complaint: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert str(caught.value) == complaint


def test_an_unknown_attribute_is_told_which_there_are() -> None:
    with pytest.raises(
        FilterError, match=r"^Column 22: .*'color'\. Fields are run_id, name, status"
    ):
        parse_filter("params.a = 1 and not color = 'red'")


def test_nesting_is_limited_and_never_overflows_the_stack() -> None:
    with pytest.raises(FilterError, match="nested more than 100 levels"):
        parse_filter("not " * 500 + "params.a = 1")
    deep = "(" * 2000 + "params.a = 1" + ")" * 2000
    assert parse_filter(deep) == A
    with pytest.raises(FilterError, match="at most 20000"):
        parse_filter("params.a = 1 or " * 2000 + "params.a = 1")


def test_an_order_names_fields_with_their_direction() -> None:
    assert parse_orders('metrics.acc DESC, start_time asc, params."a b"') == (
        Order(Field("metrics", "acc"), descending=True),
        Order(Field("attributes", "start_time")),
        Order(Field("params", "a b")),
    )
    with pytest.raises(FilterError, match="Column 13: expected"):
        parse_orders("metrics.acc upwards")
