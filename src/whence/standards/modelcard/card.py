"""The text of a model card."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from whence.model import kind as kinds
from whence.standards.modelcard.frontmatter import front_matter
from whence.standards.record.account import (
    Account,
    Run,
    columns_of,
    rows_of,
    sha256_of,
)
from whence.standards.record.evaluation import (
    data_of,
    figures_of,
    fits_of,
    parameters_of,
    task_of,
)
from whence.standards.record.excerpt import Item
from whence.standards.record.literal import time_text
from whence.standards.record.media import base_name
from whence.store.protocol import Gap

NOT_RECORDED = "not recorded"
_SHOWN = 60
"""How many rows a table shows; what is left out is counted below it."""


def card_of(account: Account, model: Item) -> str:
    """The card of one model."""
    run = account.maker(model)
    lines = [front_matter(account, model), ""]
    for title, part in (
        (f"# {_plain(title_of(model))}", _what(account, model)),
        ("## Data", _data(account, model)),
        ("## Training", _training(account, model, run)),
        ("## Evaluation", _evaluation(account, model)),
        ("## Provenance", _provenance(account, model, run)),
        ("## Completeness", _completeness(account, model, run)),
    ):
        lines += [title, "", *part, ""]
    return "\n".join(lines)


def title_of(model: Item) -> str:
    """What to call a model: its file's name, else its own."""
    found = model.places
    return base_name(found[0]) if found else model.node.name


def _what(account: Account, model: Item) -> Iterator[str]:
    facts = model.said.attributes
    library = " ".join(str(facts[key]) for key in ("library", "version") if facts.get(key))
    yield from _table(
        [
            ("Class", _code(facts.get("class"))),
            ("Library", _plain(library) or NOT_RECORDED),
            ("Task", task_of(account, model) or NOT_RECORDED),
            ("SHA-256", _code(sha256_of(model))),
            ("Size", f"{model.node.size} bytes" if model.node.size is not None else NOT_RECORDED),
            ("Inputs", _names(facts.get("feature_names"))),
            ("Intended use", NOT_RECORDED),
            ("Limits and risks", NOT_RECORDED),
        ],
        ("", ""),
    )


def _data(account: Account, model: Item) -> Iterator[str]:
    rows = [
        (
            _code(base_name(item.places[0]) if item.places else item.node.name),
            _plain(item.node.kind),
            str(rows_of(item) or ""),
            str(len(columns_of(item)) or ""),
            _code(sha256_of(item)),
        )
        for item in data_of(account, model)
    ]
    if not rows:
        yield "No data that the training read was recorded."
        return
    yield "What the run that made the model read:"
    yield ""
    yield from _table(rows, ("Data", "Kind", "Rows", "Columns", "SHA-256"))


def _training(account: Account, model: Item, run: Run | None) -> Iterator[str]:
    if run is None:
        yield "The run that made the model was not recorded."
        return
    commit, environment = run.facts(kinds.COMMIT), run.facts(kinds.ENVIRONMENT)
    diff = run.surrounding(kinds.DIFF)
    yield from _table(
        [
            ("Program", _code(run.code.node.name if run.code else None)),
            ("Program's SHA-256", _code(sha256_of(run.code) if run.code else None)),
            ("Commit", _code(commit.get("commit"))),
            ("Repository", _code(commit.get("remote"))),
            ("Not committed", _code(sha256_of(diff[0])) if diff else "nothing recorded"),
            ("Started", _time(run.item.node.started_at)),
            ("Ended", _time(run.item.node.ended_at)),
            ("Status", _plain(run.item.node.status) or NOT_RECORDED),
            ("Python", _plain(environment.get("python", "")) or NOT_RECORDED),
            ("System", _plain(environment.get("os", "")) or NOT_RECORDED),
            ("Processor", _plain(environment.get("cpu", "")) or NOT_RECORDED),
            *((f"Tag {_plain(key)}", _code(value)) for key, value in run.item.said.tags.items()),
        ],
        ("", ""),
    )
    fits = ", ".join(_code(fit.node.name) for fit in fits_of(account, model))
    yield from ("", f"Fitted by: {fits or NOT_RECORDED}", "", "### Parameters", "")
    params = parameters_of(account, model)
    if not params:
        yield "No parameters were recorded."
        return
    rows = [(_code(key), _code(_json(value))) for key, value in params.items()]
    yield from _table(rows, ("Parameter", "Value"))


def _evaluation(account: Account, model: Item) -> Iterator[str]:
    figures = figures_of(account, model)
    if not figures:
        yield "No metrics were recorded."
        return
    rows = [
        (_code(metric.key), repr(metric.last), str(metric.count), _plain(one.run.name))
        for one in figures
        if one.certain
        for metric in one.metrics
    ]
    if rows:
        yield from _table(rows, ("Metric", "Last value", "Values", "Run"))
    others = [one for one in figures if not one.certain]
    if others:
        names = ", ".join(dict.fromkeys(_plain(one.run.name) for one in others))
        yield ""
        yield (
            f"Metrics were also recorded in runs that had several models at hand ({names}). Which "
            "of them belong to this model is not recorded, so they are not shown."
        )


def _provenance(account: Account, model: Item, run: Run | None) -> Iterator[str]:
    yield f"- Model: <{model.iri}>"
    if run is not None:
        yield f"- Run: <{run.item.iri}>"
        yield from (f"- By: {_plain(agent.node.name)}" for agent in run.agents())
        yield from (f"- In: {_plain(group.node.name)}" for group in account.groups(run))
    for item in data_of(account, model):
        yield f"- From: <{item.iri}> ({_plain(item.node.name)})"


def _completeness(account: Account, model: Item, run: Run | None) -> Iterator[str]:
    ours = {model.node.number, *(i.node.number for i in data_of(account, model))}
    if run is not None:
        ours |= {run.item.node.number, *(part.node.number for part in run.parts)}
    gaps = [gap for gap in account.gaps if gap.activity in ours or gap.subject in ours]
    missing = [*_missing(account, model, run)]
    if gaps:
        yield from _table(
            [(_code(gap.code), str(gap.count), _detail(gap)) for gap in gaps],
            ("What was not recorded", "Times", "Detail"),
        )
        yield ""
    yield from (f"- {line}" for line in missing)
    if not gaps and not missing:
        yield "Nothing is known to be missing from the record."


def _missing(account: Account, model: Item, run: Run | None) -> Iterator[str]:
    if run is None:
        yield "The run that made the model is not known."
        return
    if model.is_live:
        yield "The model lived in memory only; no file of it is known."
    elif sha256_of(model) is None:
        yield "The digest of the model is not known."
    if not data_of(account, model):
        yield "The data it was trained on is not known."
    for item in data_of(account, model):
        if sha256_of(item) is None:
            yield f"The digest of {_plain(item.node.name)} is not known."
    if not run.facts(kinds.COMMIT):
        yield "The commit of the code is not known."
    if run.item.node.status not in ("finished", ""):
        yield f"The run that made the model has the status {_plain(run.item.node.status)}."


def _detail(gap: Gap) -> str:
    return _plain(gap.detail)


def _table(rows: Sequence[tuple[str, ...]], head: tuple[str, ...]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows[:_SHOWN]:
        yield "| " + " | ".join(row) + " |"
    if len(rows) > _SHOWN:
        yield ""
        yield f"And {len(rows) - _SHOWN} more."


def _names(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return NOT_RECORDED
    more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
    return ", ".join(_code(name) for name in value[:_SHOWN]) + more


def _time(at: int | None) -> str:
    return NOT_RECORDED if at is None else time_text(at // 10**9 * 10**9)


_MARKS = str.maketrans({mark: "\\" + mark for mark in "\\`*_[]<>|#"} | {"\n": " ", "\r": " "})


def _plain(value: object) -> str:
    """Text that Markdown shows as it is, in one line."""
    return str(value).translate(_MARKS).strip()


def _code(value: object) -> str:
    """A value as code in one line; names and values may hold anything."""
    if value is None or value == "":
        return NOT_RECORDED
    text = value if isinstance(value, str) else _json(value)
    text = " ".join(text.split()).replace("|", "\\|")
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)
