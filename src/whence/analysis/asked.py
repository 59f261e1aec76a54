"""What is asked of a call of a library: one column of its result, or all of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from whence.analysis.context import Demand
from whence.analysis.definition import Imported
from whence.analysis.path import Path
from whence.analysis.tablecolumn import Undecided

if TYPE_CHECKING:
    from whence.analysis.known import Known

Parts: TypeAlias = list[Demand]


class Asked(NamedTuple):
    """The column ``name`` of what ``call`` gives, or of that column the part ``rest``.

    The call is evaluated as ``demand`` says.
    """

    known: Known
    demand: Demand
    call: ast.Call
    name: str = ""
    rest: Path = ()

    @property
    def base(self) -> ast.expr | None:
        """The object whose method is called."""
        return self.call.func.value if isinstance(self.call.func, ast.Attribute) else None

    @property
    def is_function(self) -> bool:
        """Whether a module's function is called, and no frame's method."""
        return self.base is None or self.is_module(self.at(self.base))

    def is_module(self, demand: Demand) -> bool:
        """Whether a name is that of an import."""
        if not isinstance(demand.node, ast.Name):
            return False
        found = self.known.world.step(demand._replace(path=()))
        return len(found) == 1 and isinstance(found[0].demand.node, Imported)

    @property
    def frame(self) -> ast.expr:
        """The frame that the call is about: its object, or its first argument. Raises Undecided."""
        frame = self.argument(0, "frame", "data", "df") if self.is_function else self.base
        if frame is None:
            raise Undecided("which frame the call is given can't be told")
        return frame

    def argument(self, position: int, *names: str) -> ast.expr | None:
        """An argument by its position or its names; None where it is not given."""
        for one in self.call.keywords:
            if one.arg in names:
                return one.value
        arguments = self.call.args[: position + 1]
        if position < 0 or any(isinstance(one, ast.Starred) for one in arguments):
            return None
        return arguments[position] if len(arguments) > position else None

    def own(self, position: int, *names: str) -> ast.expr | None:
        """As ``argument``, counted behind the frame that a function is given first."""
        at = position + 1 if self.is_function and position >= 0 else position
        return self.argument(at, *names)

    def at(self, node: ast.AST, path: Path = ()) -> Demand:
        """A part of an argument."""
        return Demand(node, self.demand.place, self.demand.context, path)

    def of(self, frame: ast.expr, *names: str) -> Parts:
        """Columns of a frame."""
        return [self.at(frame, (f"[{name}", *self.rest)) for name in names]

    def same(self, *names: str) -> Parts:
        """Columns of the frame that the call is about; the asked one when none is named."""
        return self.of(self.frame, *(names or (self.name,)))

    def value(self, node: ast.expr) -> Any:
        """What an argument is, as the code shows. Raises Undecided."""
        return self.known.value(self.at(node))

    def texts(self, node: ast.expr | None) -> list[str] | None:
        """The names that an argument has; None where it is not given. Raises Undecided."""
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return None
        return self.known.texts(self.at(node))

    def text(self, node: ast.expr | None, default: str = "") -> str:
        """The text that an argument is. Raises Undecided."""
        found = self.texts(node)
        return found[0] if found else default

    def texts_in_turns(self, node: ast.expr | None) -> list[str]:
        """The texts that an argument is, in any turn of the loops around. Raises Undecided."""
        from whence.analysis.keyed import turns_of

        turns = [] if node is None else turns_of(self.known, self.known.world, self.at(node))
        return list(dict.fromkeys(one.value for one in turns if isinstance(one.value, str)))

    def columns(self, node: ast.expr) -> tuple[str, ...]:
        """The columns of a frame in their order. Raises Undecided."""
        return self.known.columns(self.at(node))

    def columns_or_none(self, node: ast.expr) -> tuple[str, ...] | None:
        """The same; None where they can't be told."""
        try:
            return self.columns(node)
        except Undecided:
            return None

    def has(self, node: ast.expr, *names: str) -> bool:
        """Whether a frame is known to have all of these columns."""
        return set(names) <= set(self.columns_or_none(node) or ())

    @property
    def is_about_columns(self) -> bool:
        """Whether ``axis`` is that of the columns."""
        return self.is_given("axis", 1) or self.is_given("axis", "columns")

    @property
    def is_about_rows(self) -> bool:
        """Whether ``axis`` is said to be that of the rows."""
        return self.is_given("axis", 0) or self.is_given("axis", "index")

    def written(self, node: ast.AST) -> ast.AST:
        """The expression that a name stands for, where there is only one at the same place."""
        found = self.known.written(self.at(node))
        return node if found.path else found.node

    def is_given(self, name: str, value: object) -> bool:
        """Whether a constant is given for the keyword ``name``."""
        return any(
            one.arg == name and isinstance(one.value, ast.Constant) and one.value.value == value
            for one in self.call.keywords
        )

    def called(self, function: ast.expr, *arguments: ast.expr) -> Demand:
        """What a function gives when the library calls it."""
        made = self.known.keep(ast.Call(function, list(arguments), []))
        return self.at(ast.copy_location(made, self.call))
