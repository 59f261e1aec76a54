"""Names in a query of SQL, resolved: from a column of its result back to columns of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from whence.analysis.clauses import (
    Source,
    branches_of,
    is_key_of_join,
    is_same,
    is_star,
    left_out_by,
    name_of,
    position_of,
    projections_of,
    renamed_by,
    sources_in,
    sources_of,
    star_of,
    table_names,
)
from whence.analysis.tablecolumn import TableColumn, Undecided


class Resolver:
    """Resolves names in a query, with the columns of the tables that ``schema`` has."""

    def __init__(self, root: Scope, schema: Mapping[str, Iterable[str]]) -> None:
        self._root = root
        self._built = {id(scope.expression): scope for scope in root.traverse()}
        self._schema = {
            table.lower(): {name.lower(): name for name in names} for table, names in schema.items()
        }
        self._at_work: set[tuple[int, str]] = set()

    def names(self, scope: Scope) -> list[str]:
        """The columns of the result of a query. Raises Undecided."""
        scope = self._whole(scope)
        if scope.outer_columns:
            return list(scope.outer_columns)
        if isinstance(scope.expression, exp.SetOperation):
            return self.names(branches_of(scope)[0])
        found: list[str] = []
        for projection in projections_of(scope):
            if is_star(projection):
                found += self._starred(scope, projection)
            else:
                found.append(name_of(projection))
        return found

    def output(self, scope: Scope, name: str) -> list[TableColumn]:
        """What a column of the result of a query is made of. Raises Undecided."""
        scope = self._whole(scope)
        key = (id(scope), name.lower())
        if key in self._at_work:
            return []  # A recursive query: what it begins with is found without this step.
        self._at_work.add(key)
        try:
            return self._output(scope, name)
        finally:
            self._at_work.discard(key)

    def used(self) -> dict[TableColumn, None]:
        """All columns of tables that the query reads, as far as they can be told."""
        found: dict[TableColumn, None] = {}
        for scope in self._root.traverse():
            own = (one for one in scope.columns if one.parent_select in (None, scope.expression))
            for column in own:
                found.update(dict.fromkeys(_or_none(self, scope, column)))
            for join in scope.find_all(exp.Join):
                for key in join.args.get("using") or ():
                    found.update(dict.fromkeys(_or_none(self, scope, exp.column(key.name))))
        return found

    def _whole(self, scope: Scope) -> Scope:
        """What stands for a recursive query inside itself is its first branch alone: the whole."""
        if self._built.get(id(scope.expression)) is scope:
            return scope
        return self._built.get(id(scope.expression.parent), scope)

    def _output(self, scope: Scope, name: str) -> list[TableColumn]:
        if isinstance(scope.expression, exp.SetOperation):
            return self._of_branches(scope, name)
        if not isinstance(scope.expression, exp.Select):
            return self._made_of(scope, scope.expression)
        projections = projections_of(scope)
        if scope.outer_columns:
            position = position_of(scope.outer_columns, name)
            if position is None or any(map(is_star, projections)) or position >= len(projections):
                raise Undecided(f"which column {name} names is not known")
            return self._made_of(scope, projections[position])
        named = [one for one in projections if not is_star(one) and is_same(name_of(one), name)]
        if named:
            return [column for one in named for column in self._made_of(scope, one)]
        for star in filter(is_star, projections):
            found = self._of_star(scope, star, name)
            if found is not None:
                return found
        raise Undecided("it has no such column")

    def _of_branches(self, scope: Scope, name: str) -> list[TableColumn]:
        """Of a UNION: the column in the same place of each branch, where the places are known."""
        branches = branches_of(scope)
        if scope.expression.args.get("by_name"):
            return [one for branch in branches for one in self._if_there(branch, name)]
        names = scope.outer_columns or _or_nothing(self, branches[0])
        position = position_of(names, name) if names else None
        found: list[TableColumn] = []
        for branch in branches:
            own = _or_nothing(self, branch)
            if position is not None and own and position < len(own):
                found += self.output(branch, own[position])
            else:
                found += self.output(branch, name)
        return found

    def _if_there(self, scope: Scope, name: str) -> list[TableColumn]:
        own = _or_nothing(self, scope)
        is_missing = bool(own) and position_of(own, name) is None
        return [] if is_missing else self.output(scope, name)

    def _made_of(self, scope: Scope, expression: Any) -> list[TableColumn]:
        """What the value of an expression is made of."""
        found: list[TableColumn] = []
        for node in expression.dfs(prune=lambda one: isinstance(one, (exp.Query, exp.Column))):
            if isinstance(node, exp.Column):
                found += self._column(scope, node)
            elif isinstance(node, exp.Query) and node is not expression:
                found += self._of_subquery(scope, node)
            elif isinstance(node, exp.Columns):
                raise Undecided("COLUMNS(...) stands for columns that are not known")
        return found

    def _of_subquery(self, scope: Scope, query: exp.Query) -> list[TableColumn]:
        inner = query.unnest()
        for one in scope.subquery_scopes:
            if one.expression is inner or one.expression is query:
                return [column for name in self.names(one) for column in self.output(one, name)]
        raise Undecided("a query inside it can't be told")

    def _column(self, scope: Scope, column: exp.Column) -> list[TableColumn]:
        sources = sources_in(scope)
        if column.table:
            source = sources.get(column.table.lower())
            if source is not None:
                return self._of_source(source, column.name)
        else:
            found = self._unqualified(scope, sources, column)
            if found is not None:
                return found
        if scope.parent is not None and scope.is_correlated_subquery:
            return self._column(scope.parent, column)
        raise Undecided(f"{column.sql()} is not known")

    def _unqualified(
        self, scope: Scope, sources: dict[str, Source], column: exp.Column
    ) -> list[TableColumn] | None:
        name = column.name
        has = {key: self._has(source, name) for key, source in sources.items()}
        sure = [sources[key] for key, known in has.items() if known]
        maybe = [sources[key] for key, known in has.items() if known is None]
        if is_key_of_join(scope, name):
            return [one for source in sure + maybe for one in self._of_source(source, name)]
        if len(sure) == 1:
            return self._of_source(sure[0], name)
        alias = self._alias(scope, column)
        if not sure and alias is not None:
            return self._made_of(scope, alias)
        if not sure and len(maybe) == 1:
            return self._of_source(maybe[0], name)
        if sure or maybe:
            several = ", ".join(key for key, known in has.items() if known is not False)
            raise Undecided(f"{name} may be a column of {several}")
        return None

    def _alias(self, scope: Scope, column: exp.Column) -> Any:
        """The value that an earlier column of the same SELECT gave that name."""
        for projection in projections_of(scope):
            if any(node is column for node in projection.find_all(exp.Column)):
                return None
            if isinstance(projection, exp.Alias) and is_same(projection.alias, column.name):
                return projection.this
        return None

    def _has(self, source: Source, name: str) -> bool | None:
        """Whether a source has a column; None when that is not known."""
        if isinstance(source, exp.Table):
            columns = self._columns(source)
            return None if columns is None else name.lower() in columns
        names = _or_nothing(self, source)
        return position_of(names, name) is not None if names else None

    def _of_source(self, source: Source, name: str) -> list[TableColumn]:
        if isinstance(source, Scope):
            return self.output(source, name)
        columns = self._columns(source)
        true_name = name if columns is None else columns.get(name.lower(), name)
        if columns is not None and name.lower() not in columns:
            raise Undecided(f"{source.name} has no column {name}")
        tables = table_names(source)
        if not tables:
            raise Undecided(f"what {source.sql()} reads is not known")
        return [TableColumn(table, true_name) for table in tables]

    def _columns(self, table: exp.Table) -> dict[str, str] | None:
        for name in table_names(table):
            known = self._schema.get(name.lower()) or self._schema.get(name.rpartition(".")[2])
            if known:
                return known
        return None

    def _starred(self, scope: Scope, star: exp.Expression) -> list[str]:
        """The columns that a star stands for. Raises Undecided."""
        left_out, renamed = left_out_by(star), renamed_by(star)
        found: list[str] = []
        for key, source in sources_of(scope, star).items():
            if isinstance(source, Scope):
                names = self.names(source)
            else:
                known = self._columns(source)
                if known is None:
                    raise Undecided(f"the columns of {key} are not known")
                names = list(known.values())
            shared = [one for one in names if is_key_of_join(scope, one) and one in found]
            found += [one for one in names if one.lower() not in left_out and one not in shared]
        return [renamed.get(one.lower(), one) for one in found]

    def _of_star(self, scope: Scope, star: exp.Expression, name: str) -> list[TableColumn] | None:
        if name.lower() in left_out_by(star):
            return None
        for replaced in star_of(star).args.get("replace") or ():
            if is_same(replaced.alias_or_name, name):
                return self._made_of(scope, replaced)
        for old, new in renamed_by(star).items():
            if is_same(new, name):
                name = old
        sources = sources_of(scope, star)
        return self._unqualified(scope, sources, exp.column(name))


def _or_none(resolver: Resolver, scope: Scope, column: exp.Column) -> list[TableColumn]:
    try:
        return resolver._column(scope, column)
    except Undecided:
        return []


def _or_nothing(resolver: Resolver, scope: Scope) -> list[str]:
    try:
        return resolver.names(scope)
    except Undecided:
        return []
