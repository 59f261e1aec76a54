"""What stands in the clauses of a SELECT: tables, columns of the result, stars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from whence.analysis.tablecolumn import Undecided

Source = Any
"""A table (`exp.Table`) or the `Scope` of a query that stands in the place of one."""


def table_names(table: exp.Table) -> list[str]:
    """What a table is called: a name, or the files that a function in its place reads."""
    if isinstance(table.this, exp.Identifier):
        name = ".".join(part.name for part in table.parts)
        is_file = any("." in part.name or "/" in part.name for part in table.parts)
        return [name if is_file else name.lower()]
    if not isinstance(table.this, exp.Func):
        return []
    first = next(table.this.iter_expressions(), None)
    texts = [first] if isinstance(first, exp.Literal) else list(_elements(first))
    return [one.name for one in texts if isinstance(one, exp.Literal) and one.is_string]


def _elements(node: Any) -> Iterator[Any]:
    return (
        iter(node.expressions) if isinstance(node, (exp.Array, exp.Tuple, exp.List)) else iter(())
    )


def branches_of(scope: Scope) -> list[Scope]:
    """The branches of a UNION; older releases of sqlglot have another name for them."""
    found: list[Scope] = vars(scope).get("set_operation_scopes") or vars(scope)["union_scopes"]
    return found


def sources_in(scope: Scope) -> dict[str, Source]:
    """What stands in FROM and JOIN, by the name that it goes by there."""
    if any(node.args.get("pivots") for node, _ in scope.selected_sources.values()):
        raise Undecided("the columns that a PIVOT gives are not known")
    return {key.lower(): source for key, (_, source) in scope.selected_sources.items()}


def sources_of(scope: Scope, star: exp.Expression) -> dict[str, Source]:
    sources = sources_in(scope)
    table = star.table if isinstance(star, exp.Column) else ""
    return {key: one for key, one in sources.items() if not table or is_same(key, table)}


def projections_of(scope: Scope) -> list[Any]:
    expression = scope.expression
    return list(expression.expressions) if isinstance(expression, exp.Select) else []


def name_of(projection: Any) -> str:
    """The name of a column of a result; of one without a name its text stands for it."""
    return str(projection.output_name or projection.sql())


def is_star(projection: exp.Expression) -> bool:
    return isinstance(star_of(projection), exp.Star)


def star_of(projection: Any) -> Any:
    return projection.this if isinstance(projection, exp.Column) else projection


def left_out_by(star: exp.Expression) -> set[str]:
    args = star_of(star).args
    return {one.name.lower() for one in (args.get("except_") or args.get("except") or ())}


def renamed_by(star: exp.Expression) -> dict[str, str]:
    return {one.this.name.lower(): one.alias for one in (star_of(star).args.get("rename") or ())}


def is_key_of_join(scope: Scope, name: str) -> bool:
    return any(
        is_same(key.name, name)
        for join in scope.expression.args.get("joins") or ()
        for key in join.args.get("using") or ()
    )


def position_of(names: Iterable[str], name: str) -> int | None:
    return next((at for at, one in enumerate(names) if is_same(one, name)), None)


def is_same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
