"""The reference pages on standards: formats and what they can't hold, lints, scores of suites."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from whence.standards.format import every
from whence.standards.lint import LINTS, NOTEBOOK_LINTS

Table = Callable[[Iterable[str], Iterable[Iterable[object]]], str]
SCORES = Path(__file__).parent / "scores.json"


def formats_page(table: Table) -> str:
    """Every format, and concept by format what it can't hold and why."""
    formats = list(every())
    concepts = sorted({concept for one in formats for concept, _ in one.limits})
    rows = [
        (f"`{one.name}`", one.title, "yes" if one.reads else "no", one.media_type)
        for one in formats
    ]
    limits = [
        (concept, f"`{one.name}`", reason)
        for concept in concepts
        for one in formats
        for limited, reason in one.limits
        if limited == concept
    ]
    return (
        "# Formats\n\nWhat `whence export --format` writes and `whence import` reads. Others are "
        "added by the entry point group `whence.formats`: a class with `name`, `title`, "
        "`media_type`, `suffixes` and either `write(document, out)` and `read(source)` for PROV "
        "statements, or `export(excerpt, out)` for an excerpt of the store.\n\n"
        + table(("name", "format", "read too", "media type"), rows)
        + "\n\n## What a format can't hold\n\nEverything else comes through: a test writes a "
        "store in each format that is read too, takes it into an empty one and compares the two. "
        "A store holds of a foreign document all but the ids of relations, the bundle that a "
        "relation stands in, and the further arguments of derivations and delegations; "
        "`whence import` counts what it leaves out.\n\n"
        + table(("concept", "format", "why"), limits)
        + "\n"
    )


OF_NOTEBOOKS = """

## Of notebooks

What `whence check train.ipynb` looks for in the file and in what was recorded of the last kernel
session that ran it. A cell is fresh where a run of the notebook from top to bottom would meet, in
it, what it met when it last ran; values are never compared, only where they come from. Where
nothing was recorded, `cell-unreachable` and `cell-out-of-order` are told from the file alone.

"""


def lints_page(table: Table) -> str:
    """Every lint of ``whence check``."""
    rows = [(f"`{lint.name}`", lint.title, lint.why) for lint in LINTS.values()]
    of_cells = [(f"`{lint.name}`", lint.title, lint.why) for lint in NOTEBOOK_LINTS.values()]
    return (
        "# Lints\n\nWhat `whence check` looks for beside the rules of PROV-CONSTRAINTS. Each is "
        "left out by `--without NAME`; with `--strict` a finding is a violation.\n\n"
        + table(("name", "what", "why it matters"), rows)
        + OF_NOTEBOOKS
        + table(("name", "what", "why it matters"), of_cells)
        + "\n"
    )


def scores_page(table: Table) -> str:
    """The results of public suites, as the tests hold them."""
    scores = json.loads(SCORES.read_text())
    rows = [(name, one["passed"], one["of"]) for name, one in scores.items()]
    gaps = [
        (name, count, reason)
        for name, one in scores.items()
        for reason, count in one["gaps"].items()
    ]
    return (
        "# Scoreboard\n\nPublic suites and validators, run by `make test`; a test fails when a "
        "result is not the one here.\n\n"
        + table(("suite", "passed", "of"), rows)
        + "\n\n## Gaps\n\n"
        + (table(("suite", "cases", "why"), gaps) if gaps else "None.")
        + "\n"
    )
