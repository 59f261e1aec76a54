"""Building the flow of a scope: one pass over its statements, in the order they can run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from whence.analysis.definition import (
    ASSIGN,
    AUGMENT,
    FUNCTIONS,
    KILL,
    PARAMETER,
    Block,
    Definition,
    Imported,
    Place,
)
from whence.analysis.flow import Flow, Given
from whence.analysis.path import ENTER
from whence.analysis.scanning import scan
from whence.analysis.target import bind, bind_pattern, is_irrefutable

if TYPE_CHECKING:
    from whence.analysis.scope import Scope


def build(scope: Scope) -> Flow:
    """The flow of ``scope``. Raises RecursionError for code that is nested too deeply."""
    return Builder(scope).build()


class Builder:
    """The pass over one scope: ``block`` is where the next statement goes."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.flow = Flow(scope)
        self.block = self.flow.entry
        self.order = 0
        self._loops: list[tuple[Block, list[Block]]] = []
        self._watched: list[list[Block]] = []
        self._exits: list[Block] = []

    def build(self) -> Flow:
        node = self.scope.node
        if isinstance(node, FUNCTIONS):
            self._parameters()
        self.block = self.new_block(self.flow.entry)
        if isinstance(node, ast.Lambda):
            place = self.place(node.body)
            scan(self, node.body, place)
            self.flow.given.append(Given(node.body, place))
        else:
            self.body(getattr(node, "body", []))
        self.flow.exit = Place(self.scope, self.new_block(self.block, *self._exits), 1 << 60, node)
        return self.flow

    def _parameters(self) -> None:
        for arg in self.scope.parameters:
            place = Place(self.scope, self.flow.entry, 0, arg)
            self.flow.places[id(arg)] = place
            self.define(Definition(PARAMETER, arg.arg, arg, place))

    # What statements need

    def new_block(self, *preds: Block) -> Block:
        block = Block(*preds)
        for blocks in self._watched:
            blocks.append(block)
        return block

    def place(self, node: ast.AST) -> Place:
        """The place of the next statement or part of one, which ``node`` is."""
        self.order += 1
        place = self.flow.places[id(node)] = Place(self.scope, self.block, self.order, node)
        return place

    def define(self, definition: Definition, order: int | None = None) -> None:
        name = definition.name
        at = self.order if order is None else order
        definition.block, definition.order = self.block, at
        self.block.names.setdefault(name, []).append((at, definition))
        self.flow.definitions.setdefault(name, []).append(definition)
        self.flow.bound.add(name)

    def scan(self, node: ast.AST | None, place: Place) -> None:
        if node is not None:
            scan(self, node, place)

    def end(self) -> None:
        """What follows in this block cannot be reached."""
        self.block = self.new_block()

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self._watched:  # an exception can leave between any two statements
                self.block = self.new_block(self.block)
            handle = _HANDLERS.get(type(statement), Builder._other)
            handle(self, statement, self.place(statement))

    # Statements

    def _other(self, node: ast.stmt, place: Place) -> None:
        self.scan(node, place)

    def _expression(self, node: ast.Expr, place: Place) -> None:
        self.scan(node.value, place)

    def _assign(self, node: ast.Assign, place: Place) -> None:
        self.scan(node.value, place)
        for target in node.targets:
            bind(self, target, node.value, (), place)

    def _annotated(self, node: ast.AnnAssign, place: Place) -> None:
        if node.value is not None:
            self.scan(node.value, place)
            bind(self, node.target, node.value, (), place)

    def _augmented(self, node: ast.AugAssign, place: Place) -> None:
        self.scan(node.value, place)
        if isinstance(node.target, ast.Name):
            self.define(Definition(AUGMENT, node.target.id, node, place))
        else:
            bind(self, node.target, node.value, (), place, is_added=True)

    def _import(self, node: ast.Import, place: Place) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            module = alias.name if alias.asname else name
            self.define(Definition(ASSIGN, name, Imported(module, None, 0), place))

    def _import_from(self, node: ast.ImportFrom, place: Place) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self.flow.stars.append((module, node.level))
                continue
            value = Imported(module, alias.name, node.level)
            self.define(Definition(ASSIGN, alias.asname or alias.name, value, place))

    def _definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, place: Place
    ) -> None:
        for decorator in node.decorator_list:
            self.scan(decorator, place)
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                self.scan(base, place)
        else:
            for default in (*node.args.defaults, *node.args.kw_defaults):
                self.scan(default, place)
        self.define(Definition(ASSIGN, node.name, decorated(node), place))

    def _delete(self, node: ast.Delete, place: Place) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.define(Definition(KILL, target.id, None, place))
            else:
                self.scan(target, place)

    def _return(self, node: ast.Return, place: Place) -> None:
        if node.value is not None:
            self.scan(node.value, place)
            self.flow.given.append(Given(node.value, place))
        self._exits.append(self.block)
        self.end()

    def _raise(self, node: ast.Raise, place: Place) -> None:
        self.scan(node, place)
        self.end()

    def _break(self, node: ast.Break, place: Place) -> None:
        if self._loops:
            self._loops[-1][1].append(self.block)
        self.end()

    def _continue(self, node: ast.Continue, place: Place) -> None:
        if self._loops:
            self._loops[-1][0].preds.append(self.block)
        self.end()

    def _if(self, node: ast.If, place: Place) -> None:
        self.scan(node.test, place)
        before = self.block
        ends = []
        for body, is_taken in ((node.body, True), (node.orelse, False)):
            decided = _constant(node.test)
            self.block = self.new_block(*([before] if decided in (None, is_taken) else []))
            self.body(body)
            ends.append(self.block)
        self.block = self.new_block(*ends)

    def _while(self, node: ast.While, place: Place) -> None:
        head = self.new_block(self.block)
        self.block = head
        inner = self.flow.places[id(node)] = Place(self.scope, head, place.order, node)
        self.scan(node.test, inner)
        self._loop(head, node.body, node.orelse, can_end=_constant(node.test) is not True)

    def _for(self, node: ast.For | ast.AsyncFor, place: Place) -> None:
        self.scan(node.iter, place)
        head = self.new_block(self.block)

        def start() -> None:
            self.order += 1
            bind(self, node.target, node.iter, (None,), place)

        self._loop(head, node.body, node.orelse, start=start)

    def _loop(
        self,
        head: Block,
        body: list[ast.stmt],
        orelse: list[ast.stmt],
        start: Callable[[], None] = lambda: None,
        can_end: bool = True,
    ) -> None:
        breaks: list[Block] = []
        self._loops.append((head, breaks))
        self.block = self.new_block(head)
        start()
        self.body(body)
        self._loops.pop()
        head.preds.append(self.block)
        self.block = self.new_block(*([head] if can_end else []))
        self.body(orelse)
        self.block = self.new_block(self.block, *breaks)

    def _with(self, node: ast.With | ast.AsyncWith, place: Place) -> None:
        for item in node.items:
            at = self.place(item)
            self.scan(item.context_expr, at)
            if item.optional_vars is not None:
                bind(self, item.optional_vars, item.context_expr, (ENTER,), at)
        self.body(node.body)

    def _try(self, node: ast.Try, place: Place) -> None:
        states = [self.block]
        self._watched.append(states)
        self.body(node.body)
        self._watched.pop()
        after_body = self.block
        failed = self.new_block(*states)
        ends = []
        for handler in node.handlers:
            self.block = self.new_block(failed)
            at = self.place(handler)
            self.scan(handler.type, at)
            if handler.name:
                self.define(Definition(KILL, handler.name, None, at))
            self.body(handler.body)
            ends.append(self.block)
        self.block = self.new_block(after_body)
        self.body(node.orelse)
        self.block = self.new_block(self.block, *ends)
        self.body(node.finalbody)

    def _match(self, node: ast.Match, place: Place) -> None:
        self.scan(node.subject, place)
        before = self.block
        ends = []
        can_pass = True
        for case in node.cases:
            self.block = self.new_block(before)
            self.place(case)
            bind_pattern(self, case.pattern, node.subject, (), place)
            if case.guard is not None:
                self.scan(case.guard, self.place(case.guard))
            self.body(case.body)
            ends.append(self.block)
            can_pass = can_pass and not (case.guard is None and is_irrefutable(case.pattern))
        self.block = self.new_block(*ends, *([before] if can_pass else []))


def decorated(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
    """The value of a definition: calls of its decorators around it."""
    value: ast.AST = node
    for decorator in reversed(node.decorator_list):
        call = ast.Call(decorator, [value], [])  # type: ignore[list-item]  # stands for it
        ast.copy_location(call, decorator)
        value = call
    return value


def _constant(test: ast.expr) -> bool | None:
    return bool(test.value) if isinstance(test, ast.Constant) else None


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Expr: Builder._expression,
    ast.Assign: Builder._assign,
    ast.AnnAssign: Builder._annotated,
    ast.AugAssign: Builder._augmented,
    ast.Import: Builder._import,
    ast.ImportFrom: Builder._import_from,
    ast.FunctionDef: Builder._definition,
    ast.AsyncFunctionDef: Builder._definition,
    ast.ClassDef: Builder._definition,
    ast.Delete: Builder._delete,
    ast.Return: Builder._return,
    ast.Raise: Builder._raise,
    ast.Break: Builder._break,
    ast.Continue: Builder._continue,
    ast.If: Builder._if,
    ast.While: Builder._while,
    ast.For: Builder._for,
    ast.AsyncFor: Builder._for,
    ast.With: Builder._with,
    ast.AsyncWith: Builder._with,
    ast.Try: Builder._try,
    ast.TryStar: Builder._try,
    ast.Match: Builder._match,
}
