"""What is said of a notebook's cells, against running the notebook anew.

Notebooks are run, run again, edited, cut and added to by chance in a real kernel that records. Then
each is run from top to bottom in a fresh kernel. A cell called fresh whose values are others there,
and one called stale whose values are the same, are wrong. ``python -m benchmarks.notebook_state
SEED`` shows one history with what was wrong.
"""

from __future__ import annotations

import ast
import dis
import json
import random
import re
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import notebook_corpus, notebook_speed
from benchmarks.notebook_history import Maker, Step, history
from benchmarks.row import Row
from tests.support.kernel import Answer, Kernel, kernel
from whence.service.notebook.checking import NotebookChecked, check_notebook
from whence.service.questions import open_questions

NAME = "the state of notebook cells, against a fresh run"
BAR = 0.98
AFTER = "__import__('benchmarks.notebook_probe').notebook_probe.digests(globals())"

Values = Mapping[str, Mapping[str, str]]
_ADDRESS = re.compile(r"0x[0-9a-f]+|\d+\.\d+ ?m?s")


class Seen(NamedTuple):
    """What one run of a cell was: all values before and after, and what it showed."""

    source: str
    before: Values
    after: Values
    shown: str

    def changed(self) -> set[tuple[str, str]]:
        """The names, with parts, whose values it made others."""
        names = self.before.keys() | self.after.keys()
        return {
            (name, part)
            for name in names
            for part in self.before.get(name, {}).keys() | self.after.get(name, {}).keys()
            if _part(self.before, name, part) != _part(self.after, name, part)
        }

    def reads(self) -> set[str]:
        """The globals that its code loads before it stores them."""
        found: set[str] = set()
        try:
            code = compile(self.source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            return found
        stored: set[str] = set()
        for one in dis.get_instructions(code):
            if one.opname in ("STORE_NAME", "STORE_GLOBAL"):
                stored.add(one.argval)
            elif one.opname in ("LOAD_NAME", "LOAD_GLOBAL") and one.argval not in stored:
                found.add(one.argval)
        return found | {name for name in _inner(code) if name not in stored}


class Judged(NamedTuple):
    """One cell: what was said, whether its values differ, and whether what it reads does."""

    cell: str
    said: str
    values: bool
    reads: bool
    why: str

    @property
    def is_open(self) -> bool:
        """Whether something it reads differs and nothing that it makes: either may be said."""
        return self.reads and not self.values

    @property
    def is_right_of_values(self) -> bool:
        return (self.said == "stale") == self.values

    @property
    def is_right(self) -> bool:
        return self.is_open or self.is_right_of_values


def run(quick: bool) -> list[Row]:
    made, real = (3, 2) if quick else (24, 10)
    rows = [_row(f"{made} notebooks made by chance", [_made(seed) for seed in range(made)])]
    scripts = notebook_corpus.notebooks(real)
    if isinstance(scripts, str):
        rows.append(Row(what=NAME, measured="", floor=scripts, ratio=None, bar="", ok=None))
    else:
        found = [_real(name, cells, at) for at, (name, cells) in enumerate(scripts)]
        rows.append(_row(f"{len(found)} examples of scikit-learn by their cells", found))
    return [*rows, *notebook_speed.rows()]


def _row(what: str, found: Sequence[Sequence[Judged]]) -> Row:
    every = [one for history in found for one in history]
    cells = [one for one in every if not one.is_open]
    wrong = Counter(one.said for one in cells if not one.is_right)
    share = 1 - wrong.total() / len(cells) if cells else 0.0
    alone = sum(one.is_right_of_values for one in every) / max(len(every), 1)
    return Row(
        what=f"verdicts on cells: {what}",
        measured=f"{share:.2%} of {len(cells)} cells, {sum(one.values for one in cells)} of them "
        f"stale ({wrong['fresh']} called fresh, {wrong['stale']} called stale wrongly)",
        floor=f"with the {len(every) - len(cells)} cells that read other values and made the same: "
        f"{alone:.2%}",
        ratio=None,
        bar=f"{BAR:.0%}",
        ok=share >= BAR,
    )


def _made(seed: int, talk: bool = False) -> list[Judged]:
    chance = random.Random(seed)
    sources = Maker(chance).notebook(chance.randint(8, 16))
    return judged(history(sources, chance, 8), talk)


def _real(name: str, cells: list[str], seed: int, talk: bool = False) -> list[Judged]:
    found = judged(history(cells, random.Random(seed), 5), talk)
    print(f"  {name}: {sum(one.is_right for one in found)} of {len(found)}", file=sys.stderr)
    return found


def judged(steps: Sequence[Step], talk: bool = False) -> list[Judged]:
    """What is said after the last step, against two fresh runs of the notebook as it is then.

    Cells whose values differ between these two are left out, and those that did not run or failed.
    """
    cells = steps[-1].cells
    with tempfile.TemporaryDirectory() as folder:
        live, told = _live(Path(folder) / "live", steps, talk)
        first = _fresh(Path(folder) / "first", cells)
        second = _fresh(Path(folder) / "second", cells)
    found = []
    for state in told.cells:
        if state.state not in ("fresh", "stale"):
            continue
        was, one, other = live[state.id], first[state.id], second[state.id]
        if _differ(one, other) or _read_differs(one, other):
            continue
        values, reads = _differ(was, one), _read_differs(was, one)
        why = f"{values or reads} | {state.reasons}"
        found.append(Judged(state.id, state.state, bool(values), bool(reads), why))
    return found


def _live(
    folder: Path, steps: Sequence[Step], talk: bool
) -> tuple[dict[str, Seen], NotebookChecked]:
    path = folder / "work.ipynb"
    found: dict[str, Seen] = {}
    folder.mkdir()
    _write(path, steps[0].cells)
    with kernel(folder, JPY_SESSION_NAME=str(path)) as running:
        before: Values = {}
        for step in steps:
            if step.runs is not None:
                source = dict(step.cells)[step.runs]
                seen = _run(running, step.runs, source, before)
                found[step.runs], before = seen, seen.after
                if talk:
                    print(f"--- {step.runs}\n{source}\n    {seen.shown[:200]}")
        _write(path, steps[-1].cells)
        with open_questions(running.store) as asked:
            told = check_notebook(asked, path).notebook
    return found, told


def _fresh(folder: Path, cells: Sequence[tuple[str, str]]) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    with kernel(folder, load="") as running:
        before: Values = {}
        for id, source in cells:
            found[id] = _run(running, id, source, before)
            before = found[id].after
    return found


def _run(running: Kernel, cell: str, source: str, before: Values) -> Seen:
    answer = running.run(source, cell, user_expressions={"after": AFTER})
    told = answer.reply.get("user_expressions", {}).get("after", {})
    if told.get("status") == "ok":
        after: Values = json.loads(ast.literal_eval(told["data"]["text/plain"]))
    else:  # expressions are not evaluated where the cell failed
        again = running.run("", user_expressions={"after": AFTER}, store_history=False)
        after = json.loads(
            ast.literal_eval(again.reply["user_expressions"]["after"]["data"]["text/plain"])
        )
    return Seen(source, before, after, _shown(answer))


def _shown(answer: Answer) -> str:
    failed = answer.reply.get("ename", "")
    return _ADDRESS.sub("", f"{answer.text}|{answer.result}|{failed}")


def _differ(one: Seen, other: Seen) -> str:
    """The first thing that both made or showed and that is not the same; empty if none."""
    if one.shown != other.shown:
        return f"shown: {one.shown[:60]!r}, {other.shown[:60]!r}"
    for name, part in sorted(one.changed() | other.changed()):
        if _part(one.after, name, part) != _part(other.after, name, part):
            return f"made: {name}.{part}"
    return ""


def _read_differs(one: Seen, other: Seen) -> str:
    for name in sorted(one.reads()):
        if one.before.get(name) != other.before.get(name):
            return f"read: {name}"
    return ""


def _part(values: Values, name: str, part: str) -> str | None:
    return values.get(name, {}).get(part)


def _inner(code: types.CodeType) -> Iterator[str]:
    """The globals that functions within load; those that are only defined here do not run."""
    for one in code.co_consts:
        if isinstance(one, types.CodeType) and one.co_name.startswith("<"):
            yield from (
                i.argval for i in dis.get_instructions(one)
                if i.opname in ("LOAD_NAME", "LOAD_GLOBAL")
            )  # fmt: skip
            yield from _inner(one)


def _write(path: Path, cells: Sequence[tuple[str, str]]) -> None:
    told: list[dict[str, Any]] = [
        {"cell_type": "code", "id": id, "metadata": {}, "outputs": [], "execution_count": None,
         "source": source}
        for id, source in cells
    ]  # fmt: skip
    notebook = {"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook))


def main() -> None:
    counts: Counter[bool] = Counter()
    for seed in map(int, sys.argv[1:]):
        for one in _made(seed, talk=len(sys.argv) == 2):
            counts[one.is_right] += 1
            if not one.is_right:
                print(f"seed {seed}: {one}")
    print(dict(counts))


if __name__ == "__main__":
    main()
