"""Columns to models: precision and recall on CSV pipelines whose labels were written blind.

``python -m benchmarks.columns NAME ...`` shows for single pipelines what was wrong and missed.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.cost import environment
from benchmarks.row import Row
from whence.service.questions import Questions, open_questions

NAME = "columns to models, on CSV pipelines labelled by hand"
PIPELINES = Path(__file__).parent / "pipelines"
BAR = 0.92
QUICK = 8
LIMIT_S = 300
USES = {"features": "feature", "labels": "label", "weights": "weight", "groups": "group"}


class Fact(NamedTuple):
    """A column of a file is of use to a call that learns; or goes ``into`` one of its features."""

    sink: str
    line: int
    file: str
    column: str
    use: str
    into: str = ""


class Counts(NamedTuple):
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


class Pipeline(NamedTuple):
    """A script with what was read from it. ``open`` are the columns on which readers may differ."""

    script: Path
    uses: frozenset[Fact]
    inputs: frozenset[Fact]
    open: frozenset[tuple[str, int, str, str]]


def pipelines() -> list[Pipeline]:
    """All that are labelled, of both folders."""
    return [
        _labelled(labels.parent, one)
        for labels in sorted(PIPELINES.glob("*/labels.json"))
        for one in json.loads(labels.read_text())
    ]


def _labelled(folder: Path, told: dict[str, Any]) -> Pipeline:
    uses, inputs, doubtful = set(), set(), set()
    for sink in told["sinks"]:
        at = (sink["class"], sink["line"])
        for file, columns in sink["columns"].items():
            uses |= {Fact(*at, file, one, use) for key, use in USES.items() for one in columns[key]}
            # A key may be counted as a part of what was joined by it, or not.
            doubtful |= {(*at, file, one) for one in columns["keys"]}
        for feature, parts in sink.get("inputs", {}).items():
            inputs |= {Fact(*at, *part.split(":", 1), "feature", feature) for part in parts}
        for text in sink["doubtful"]:
            named = re.search(r"(data/[^:]+\.csv):([^:]+)", text)
            if named:
                doubtful.add((*at, named[1], named[2].strip()))
    return Pipeline(
        folder / told["script"], frozenset(uses), frozenset(inputs), frozenset(doubtful)
    )


class Told(NamedTuple):
    """What whence says of a pipeline that ran."""

    uses: set[Fact]
    inputs: set[Fact]


class Measured(NamedTuple):
    """The scores of one pipeline: which columns were used, and what each feature was made of."""

    uses: Counts
    inputs: Counts


def run(quick: bool) -> list[Row]:
    everything = pipelines()
    chosen = everything[:: max(len(everything) // QUICK, 1)] if quick else everything
    found = {one.script: told_of(one) for one in chosen}
    ran = [(one, told) for one in chosen if not isinstance(told := found[one.script], str)]
    scores = [Measured(*scores_of(one, told)) for one, told in ran]
    of = f"{len(ran)} of {len(chosen)} pipelines ran"
    return [
        *_rows("columns used", of, [one.uses for one in scores]),
        *_rows("columns each feature is made of", of, [one.inputs for one in scores]),
    ]


def _rows(what: str, of: str, several: Sequence[Counts]) -> list[Row]:
    whole = _total(several)
    is_judged = what == "columns used"
    return [
        Row(what=f"{name}, {what}; {of}", measured=f"{share:.3f}", floor=floor, ratio=None,
            bar=f"at least {BAR}" if is_judged else "reported", ok=not is_judged or share >= BAR)
        for name, share, floor in (
            ("precision", whole.precision, f"{whole.wrong} wrong of {whole.right + whole.wrong}"),
            ("recall", whole.recall, f"{whole.missed} missed of {whole.right + whole.missed}"),
        )
    ]  # fmt: skip


def _total(several: Sequence[Counts]) -> Counts:
    return Counts(*map(sum, zip(Counts(0, 0, 0), *several, strict=True)))


def scores_of(pipeline: Pipeline, told: Told) -> tuple[Counts, Counts]:
    """The scores by use, and by what features are made of (of the models that were saved)."""
    sinks = {(one.sink, one.line) for one in told.inputs}
    saved = frozenset(one for one in pipeline.inputs if _at_label(one, sinks)[:2] in sinks)
    return _score(pipeline.uses, told.uses, pipeline), _score(saved, told.inputs, pipeline)


def told_of(pipeline: Pipeline) -> Told | str:
    """What is told of a pipeline that is run in a folder of its own, or why it did not run."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place) / "work"
        shutil.copytree(pipeline.script.parent, folder)
        whence = [sys.executable, "-m", "whence", "run", "--store", str(folder / ".whence")]
        for words in ([sys.executable, "make_data.py"], [*whence, pipeline.script.name]):
            done = subprocess.run(
                words, cwd=folder, env=environment(), capture_output=True, check=False,
                timeout=LIMIT_S,
            )  # fmt: skip
            if done.returncode:
                return done.stderr.decode(errors="replace").strip().splitlines()[-1]
        with open_questions(folder / ".whence") as asked:
            return _asked(asked, pipeline, folder)


def _asked(asked: Questions, pipeline: Pipeline, folder: Path) -> Told:
    flow = asked.flow(pipeline.script.name)
    uses = set()
    for edge in flow.edges:
        at = (edge.sink.class_, edge.sink.line)
        for key, use in USES.items():
            uses |= {
                Fact(*at, file, one, use)
                for one in getattr(edge.columns, key)
                for file in _files_of(edge.source.origin, one, folder)
            }
    inputs = set()
    for model in sorted((folder / "models").glob(f"{pipeline.script.stem}*")):
        traced = asked.trace(model, columns=True)
        for column in traced.columns:
            if column.use != "feature":
                continue
            at = (column.sink.class_, column.sink.line)
            inputs |= {
                Fact(*at, origin.of, origin.column, "feature", column.column)
                for origin in column.origins
                if origin.column
            }
    return Told(uses, inputs)


def _files_of(origin: str, column: str, folder: Path) -> list[str]:
    """Of the files that one call read in turn those that have a column."""
    names = [name for name in origin.split(", ") if (folder / name).exists()]
    return [name for name in names if column in _header(folder / name)]


def _header(path: Path) -> list[str]:
    with open(path, newline="") as file:
        text = file.read(1 << 16)
    return next(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text, ",;")), [])


def _score(true: Iterable[Fact], told: Iterable[Fact], pipeline: Pipeline) -> Counts:
    expected, found = _paired(true, told, pipeline)
    return Counts(len(expected & found), len(found - expected), len(expected - found))


def _paired(
    true: Iterable[Fact], told: Iterable[Fact], pipeline: Pipeline
) -> tuple[set[Fact], set[Fact]]:
    """Both at the lines of the labels, without what is open."""
    lines = {(one.sink, one.line) for one in true}
    made = {(one.sink, one.line, one.into) for one in true if one.into.endswith("*")}
    found = {_by_prefix(_at_label(one, lines), made) for one in told}
    return ({one for one in true if not _is_open(one, pipeline)},
            {one for one in found if not _is_open(one, pipeline)})  # fmt: skip


def _at_label(fact: Fact, lines: set[tuple[str, int]]) -> Fact:
    """A call over several lines may be told at another of them."""
    near = [line for sink, line in lines if sink == fact.sink and abs(line - fact.line) <= 3]
    return fact._replace(line=min(near, key=lambda one: abs(one - fact.line))) if near else fact


def _by_prefix(fact: Fact, made: set[tuple[str, int, str]]) -> Fact:
    """Columns that an encoder made of one are labelled as one: ``colour_*``."""
    for sink, line, into in made:
        if (sink, line) == (fact.sink, fact.line) and fact.into.startswith(into[:-1]):
            return fact._replace(into=into)
    return fact


def _is_open(fact: Fact, pipeline: Pipeline) -> bool:
    return (fact.sink, fact.line, fact.file, fact.column) in pipeline.open


def main(names: Sequence[str]) -> None:
    """Show what is wrong (+) and what is missed (-) in the answer on each named pipeline."""
    for pipeline in pipelines():
        if names and not any(name in str(pipeline.script) for name in names):
            continue
        told = told_of(pipeline)
        print(f"== {pipeline.script.parent.name}/{pipeline.script.name}")
        if isinstance(told, str):
            print(f"   did not run: {told}")
            continue
        uses, inputs = scores_of(pipeline, told)
        print(f"   {uses.right} uses right, {uses.wrong} wrong, {uses.missed} missed")
        print(f"   {inputs.right} parts right, {inputs.wrong} wrong, {inputs.missed} missed")
        expected, had = _paired(pipeline.uses, told.uses, pipeline)
        for sign, facts in (("-", expected - had), ("+", had - expected)):
            for one in sorted(facts, key=lambda one: (one.line, one)):
                print(f"   {sign} {one.sink}:{one.line} {one.use} {one.file}:{one.column}")


if __name__ == "__main__":
    main(sys.argv[1:])
