"""Notebooks made by chance, and what people do with a notebook, also by chance."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

_NUMBER = re.compile(r"(?<![\w.\"'])\d+(?![\w.\"'])")

FIRST = "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression"


class Step(NamedTuple):
    """What happens to the notebook: its cells after it, and which of them runs then, if any."""

    cells: tuple[tuple[str, str], ...]
    runs: str | None


class Maker:
    """Writes cells that use what cells above them made."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names: dict[str, list[str]] = {kind: [] for kind in "nldfghocrm"}

    def notebook(self, size: int) -> list[str]:
        """The sources of ``size`` cells."""
        found = [FIRST]
        while len(found) < size:
            lines = [self._line() for _ in range(self._chance.choice((1, 1, 2, 2, 3)))]
            found.append("\n".join(lines))
        return found

    def change(self, cells: list[str]) -> str:
        """A cell that changes something that is there."""
        self._names = {kind: [] for kind in self._names}
        for name in re.findall(r"^(\w)\d+ = ", "\n".join(cells), re.M):
            del name
        for kind, number in re.findall(
            r"^(?:def |class )?([nldfghocrm])(\d+)(?: = |\(|:)", "\n".join(cells), re.M
        ):
            self._names[kind].append(f"{kind}{number}")
        changes = [self._append, self._store, self._column, self._add_to, self._again]
        return self._chance.choice(changes)()

    def _line(self) -> str:
        makers: list[Callable[[], str]] = [
            self._number, self._number, self._sum, self._list, self._append, self._mapped,
            self._alias, self._dict, self._store, self._frame, self._column, self._column,
            self._kept, self._add_to, self._located, self._filled, self._function, self._called,
            self._changing, self._change_by, self._class, self._object, self._used, self._seeded,
            self._drawn, self._generator, self._model, self._predicted, self._shown, self._shown,
            self._maybe, self._loop, self._again, self._sorted, self._file,
        ]  # fmt: skip
        return self._chance.choice(makers)()

    def _new(self, kind: str) -> str:
        names = self._names[kind]
        if names and self._chance.random() < 0.15:
            return self._chance.choice(names)
        names.append(f"{kind}{len(names)}")
        return names[-1]

    def _any(self, kind: str) -> str | None:
        return self._chance.choice(self._names[kind]) if self._names[kind] else None

    def _c(self) -> int:
        return self._chance.randint(2, 9)

    def _number(self) -> str:
        return f"{self._new('n')} = {self._c()}"

    def _sum(self) -> str:
        one, other = self._any("n"), self._any("n")
        return f"{self._new('n')} = {one} * {self._c()} + {other}" if one else self._number()

    def _list(self) -> str:
        return f"{self._new('l')} = [{self._c()}, {self._c()}, {self._c()}]"

    def _append(self) -> str:
        one, number = self._any("l"), self._any("n") or self._c()
        return f"{one}.append({number})" if one else self._list()

    def _sorted(self) -> str:
        one = self._any("l")
        return f"{one}.sort()" if one else self._list()

    def _mapped(self) -> str:
        one = self._any("l")
        return f"{self._new('l')} = [v + {self._c()} for v in {one}]" if one else self._list()

    def _alias(self) -> str:
        one = self._any("l")
        return f"{self._new('l')} = {one}" if one else self._list()

    def _dict(self) -> str:
        return f'{self._new("d")} = {{"a": {self._any("n") or self._c()}, "b": {self._c()}}}'

    def _store(self) -> str:
        one = self._any("d")
        key = self._chance.choice("abk")
        return f'{one}["{key}"] = {self._any("n") or self._c()}' if one else self._dict()

    def _frame(self) -> str:
        rows = self._c() + 8
        return (
            f'{self._new("f")} = pd.DataFrame({{"a": range({rows}), '
            f'"b": [v % {self._c()} for v in range({rows})]}})'
        )

    def _column(self) -> str:
        one = self._any("f")
        key, source = self._chance.choice("abcd"), self._chance.choice("ab")
        return f'{one}["{key}"] = {one}["{source}"] * {self._c()}' if one else self._frame()

    def _kept(self) -> str:
        one = self._any("f")
        return (
            f'{self._new("f")} = {one}[{one}["a"] > {self._c()}].copy()' if one else self._frame()
        )

    def _add_to(self) -> str:
        one = self._any("f")
        return f'{one}["a"] += {self._c()}' if one else self._frame()

    def _located(self) -> str:
        one = self._any("f")
        few = self._chance.randint(0, 2)
        return f'{one}.loc[{one}["b"] > {few}, "b"] = {self._c()}' if one else self._frame()

    def _filled(self) -> str:
        one = self._any("f")
        if one is None:
            return self._frame()
        empty = f'{one}["b"] = {one}["b"].where({one}["b"] > 1)'
        return f"{empty}\n{one}.fillna({self._c()}, inplace=True)"

    def _function(self) -> str:
        number = self._any("n") or self._c()
        return f"def {self._new('g')}(v):\n    return v * {number} + {self._c()}"

    def _called(self) -> str:
        one, number = self._any("g"), self._any("n")
        return f"{self._new('n')} = {one}({number})" if one and number else self._number()

    def _changing(self) -> str:
        head = f"def {self._new('h')}(items):\n"
        return f"{head}    items.append({self._c()})\n    return len(items)"

    def _change_by(self) -> str:
        one, items = self._any("h"), self._any("l")
        return f"{self._new('n')} = {one}({items})" if one and items else self._list()

    def _class(self) -> str:
        lines = [
            f"class {self._new('c')}:",
            "    def __init__(self):",
            f"        self.total = {self._c()}\n",
            "    def add(self, v):",
            "        self.total += v\n",
            "    def get(self):",
            f"        return self.total * {self._c()}",
        ]
        return "\n".join(lines)

    def _object(self) -> str:
        one = self._any("c")
        return f"{self._new('o')} = {one}()" if one else self._number()

    def _used(self) -> str:
        one = self._any("o")
        if one is None:
            return self._number()
        if self._chance.random() < 0.5:
            return f"{one}.add({self._any('n') or self._c()})"
        return f"{self._new('n')} = {one}.get()"

    def _seeded(self) -> str:
        return f"np.random.seed({self._c()})\n{self._new('l')} = list(np.random.rand(3))"

    def _drawn(self) -> str:
        return f"{self._new('l')} = list(np.random.rand({self._c()}))"

    def _generator(self) -> str:
        one = self._any("r")
        if one is None or self._chance.random() < 0.4:
            return f"{self._new('r')} = np.random.default_rng({self._c()})"
        return f"{self._new('n')} = {one}.normal()"

    def _model(self) -> str:
        one = self._any("f")
        fit = f'LinearRegression().fit({one}[["a"]], {one}["b"])'
        return f"{self._new('m')} = {fit}" if one else self._frame()

    def _predicted(self) -> str:
        one, frame = self._any("m"), self._any("f")
        call = f'{one}.predict({frame}[["a"]]).sum()'
        return f"{self._new('n')} = {call}" if one and frame else self._number()

    def _shown(self) -> str:
        kind = self._chance.choice("nldf")
        one = self._any(kind)
        if one is None:
            return self._number()
        return f"print({one})" if kind != "f" else f"print({one}.sum().to_dict())"

    def _maybe(self) -> str:
        one = self._any("n")
        return (
            f"if {one} > {self._c()}:\n    {self._new('n')} = {self._c()}"
            if one
            else self._number()
        )

    def _loop(self) -> str:
        one = self._any("l")
        name = self._new("n")
        return (
            f"{name} = 0\nfor v in {one}:\n    {name} += v * {self._c()}"
            if one
            else f"{name} = {self._c()}"
        )

    def _again(self) -> str:
        one = self._any("n")
        return f"{one} = {one} + {self._c()}" if one else self._number()

    def _file(self) -> str:
        one = self._any("f")
        if one is None:
            return self._frame()
        if self._chance.random() < 0.5:
            return f'{one}.to_csv("t.csv", index=False)'
        return f'{one}.to_csv("u.csv", index=False)\n{self._new("f")} = pd.read_csv("u.csv")'


def history(sources: list[str], chance: random.Random, steps: int) -> list[Step]:
    """A notebook run from top to bottom, mostly; then ``steps`` turns of what people do with it."""
    cells = [(f"c{at}", source) for at, source in enumerate(sources)]
    found = [
        Step(tuple(cells), id) for at, (id, _) in enumerate(cells)
        if at == 0 or chance.random() > 0.06
    ]  # fmt: skip
    made = len(cells)
    for _ in range(steps):
        at = chance.randrange(1, len(cells))
        what = chance.random()
        if what < 0.4:
            found.append(Step(tuple(cells), cells[at][0]))
        elif what < 0.7:
            cells[at] = (cells[at][0], edited(cells[at][1], chance))
            found.append(Step(tuple(cells), cells[at][0] if chance.random() < 0.75 else None))
        elif what < 0.82:
            cells.insert(at, (f"c{made}", Maker(chance).change([s for _, s in cells[:at]])))
            found.append(Step(tuple(cells), f"c{made}"))
            made += 1
        elif what < 0.9 and len(cells) > 4:
            cells.pop(at)
            found.append(Step(tuple(cells), None))
        elif what < 0.95:
            found += [Step(tuple(cells), id) for id, _ in cells[at:]]
        else:
            cells[at - 1 : at + 1] = cells[at - 1 : at + 1][:: -1 if at > 1 else 1]
            found.append(Step(tuple(cells), None))
    return found


def edited(source: str, chance: random.Random) -> str:
    """The source with one of its numbers changed; a comment added where there is none."""
    spots = list(_NUMBER.finditer(source))
    if not spots:
        return f"{source}\n# seen again"
    spot = chance.choice(spots)
    number = int(spot[0])
    new = max(number + chance.choice((-1, 1, 2)), 1)
    return source[: spot.start()] + str(new) + source[spot.end() :]
