"""Programs that are run for real, with the stacks of their calls of ``source`` and ``sink``.

A program says what each sink must be found to rest on in a comment on the sink's line:
``sink(x)  #= a b`` for what ``source("a")`` and ``source("b")`` gave.
"""

from __future__ import annotations

import asyncio
import re
import sys
import types
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from whence.analysis.module import Module, read_module
from whence.analysis.program import Program
from whence.analysis.site import Anchor, Site, Span

FOLDER = "/program/"
MAIN = FOLDER + "main.py"
_WANTED = re.compile(r"#=\s*(.*)$")


class Value:
    """What a source gives: it can be used as a number, frame, list or file."""

    def __init__(self, names: frozenset[str]) -> None:
        self.__dict__["names"] = names

    def _with(self, *others: object, **named: object) -> Value:
        names = self.names
        for other in (*others, *named.values()):
            names |= names_in(other)
        return Value(names)

    __add__ = __radd__ = __sub__ = __mul__ = __rmul__ = __truediv__ = _with
    __lt__ = __gt__ = __call__ = _with

    def __getattr__(self, name: str) -> Value:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Value:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        self.__dict__["names"] = self.names | names_in(value)

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __iter__(self) -> Iterator[Value]:
        return iter([self, self])

    def __len__(self) -> int:
        return 2

    def __enter__(self) -> Value:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __hash__(self) -> int:
        return id(self)


def names_in(value: object, seen: frozenset[int] = frozenset()) -> frozenset[str]:
    """The names of the sources whose values are in ``value``."""
    if id(value) in seen:
        return frozenset()
    seen |= {id(value)}
    if isinstance(value, Value):
        return value.names
    if isinstance(value, Frame):
        value = value.values
    parts: list[object] = []
    if isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    return frozenset().union(*(names_in(part, seen) for part in parts))


class Sunk(NamedTuple):
    """A call of ``sink``, with the names of the sources that really flowed in."""

    anchor: Anchor
    flowed: frozenset[str]


class Run:
    """A program that has run.

    ``files`` are its modules by name; ``main`` is the one that runs. ``values`` are what its
    sources give, by name.
    """

    def __init__(
        self,
        files: Mapping[str, str] | str,
        without_spans: bool = False,
        values: Mapping[str, object] | None = None,
    ) -> None:
        self._values = values or {}
        self.files = {"main": files} if isinstance(files, str) else dict(files)
        self._without_spans = without_spans
        self.sources: list[Anchor] = []
        self.sinks: list[Sunk] = []
        self._names: dict[bytes, str] = {}
        self._order = 0
        self._run()

    @property
    def modules(self) -> dict[str, Module]:
        """The modules as the analysis reads them."""
        return {
            path(name): read_module(text.encode(), path(name)) for name, text in self.files.items()
        }

    def _run(self) -> None:
        library = types.ModuleType("library")
        vars(library).update(self._library())
        added = {"library": library}
        before = set(sys.modules)
        sys.modules["library"] = library
        finder = _Finder(self.files)
        sys.meta_path.insert(0, finder)
        try:
            code = compile(self.files["main"], MAIN, "exec", dont_inherit=True)
            exec(code, {"__name__": "__main__", **self._library()})
        finally:
            sys.meta_path.remove(finder)
            for name in set(sys.modules) - before | set(added):
                if name in self.files or name in added:
                    sys.modules.pop(name, None)

    def _library(self) -> dict[str, Any]:
        return {
            "source": self._source,
            "sink": self._sink,
            "apply": lambda function, *values: function(*values),
            "run_all": lambda jobs: [function(*args) for function, args in jobs],
            "delayed": lambda function: lambda *args: (function, args),
            "Value": lambda: Value(frozenset()),
            "Fitted": Fitted,
            "Frame": Frame,
            "run_async": asyncio.run,
        }

    def _source(self, name: str) -> object:
        anchor = self._anchor("library.source", sys._getframe(1))
        self._names[anchor.id] = name
        self.sources.append(anchor)
        return self._values[name] if name in self._values else Value(frozenset({name}))

    def _sink(self, *values: object, **named: object) -> object:
        flowed = names_in([values, list(named.values())])
        self.sinks.append(Sunk(self._anchor("library.sink", sys._getframe(1)), flowed))
        return values[0] if values else None

    def _anchor(self, call: str, frame: types.FrameType | None) -> Anchor:
        stack = []
        while frame is not None:
            if frame.f_code.co_filename.startswith(FOLDER):
                stack.append(self._site(frame))
            frame = frame.f_back
        self._order += 1
        return Anchor(self._order.to_bytes(16, "big"), call, tuple(stack), self._order)

    def _site(self, frame: types.FrameType) -> Site:
        code = frame.f_code
        line, end_line, column, end_column = next(
            islice(code.co_positions(), frame.f_lasti // 2, None)
        )
        span = None
        if not self._without_spans and None not in (line, end_line, column, end_column):
            span = Span(line, column, end_line, end_column)
        return Site(code.co_filename, code.co_qualname, frame.f_lineno, span)

    def program(self) -> Program:
        """The analysis of this run."""
        sinks = [sunk.anchor for sunk in self.sinks]
        return Program(self.modules, self.sources, sinks)

    def name_of(self, source: Anchor) -> str:
        """The name that a source was called with."""
        return self._names[source.id]

    def reached(self, argument: str | int | None = None) -> list[set[str]]:
        """For each call of ``sink`` the names of the sources that the slice reaches."""
        program = self.program()
        return [
            {self._names[one.source.id] for one in program.slice(sunk.anchor, argument).reached}
            for sunk in self.sinks
        ]

    def flowed(self) -> list[set[str]]:
        """For each call of ``sink`` the names of the sources that really flowed in."""
        return [set(sunk.flowed) for sunk in self.sinks]

    def wanted(self) -> list[set[str]]:
        """For each call of ``sink`` what the comment on its line says."""
        found = []
        for sunk in self.sinks:
            site = sunk.anchor.stack[0]
            name = site.file.removeprefix(FOLDER).removesuffix(".py").replace("/", ".")
            line = self.files[name].splitlines()[site.line - 1]
            match = _WANTED.search(line)
            assert match is not None, f"no wish stands on: {line}"
            found.append(set(match[1].split()))
        return found


class Frame:
    """Columns by name. What it is made of is in every column."""

    def __init__(self, *values: object) -> None:
        self.base = Value(names_in(values))
        self.columns: dict[str, object] = {}

    def __getitem__(self, key: Any) -> object:
        if isinstance(key, list):
            return [self[one] for one in key]
        return [self.base, self.columns.get(key, 0)]

    def __setitem__(self, key: Any, value: object) -> None:
        self.columns[key] = value

    @property
    def loc(self) -> _Rows:
        return _Rows(self)

    @property
    def values(self) -> object:
        return [self.base, list(self.columns.values())]


class _Rows:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def __getitem__(self, key: Any) -> object:
        return self._frame[key[1]]

    def __setitem__(self, key: Any, value: object) -> None:
        self._frame[key[1]] = value


class Fitted:
    """A thing of a library's that takes in what its methods are given, and gives it back."""

    def __init__(self, *values: object, **named: object) -> None:
        self.names = names_in([values, list(named.values())])

    def fit(self, *values: object) -> Fitted:
        self.names |= names_in(values)
        return self

    def transform(self, *values: object) -> Value:
        return Value(self.names | names_in(values))

    def fit_transform(self, *values: object) -> Value:
        return self.fit(*values).transform(*values)


def path(name: str) -> str:
    """The file of a module of a program."""
    return f"{FOLDER}{name.replace('.', '/')}.py"


class _Finder:
    """Imports the modules of a program from their texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def find_spec(self, name: str, *_: object) -> Any:
        from importlib.machinery import ModuleSpec

        if name in self._files:
            return ModuleSpec(name, self, origin=path(name))
        if any(file.startswith(f"{name}.") for file in self._files):
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        text = self._files.get(module.__name__, "")
        exec(compile(text, path(module.__name__), "exec", dont_inherit=True), vars(module))
