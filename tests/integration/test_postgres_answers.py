"""A study that was really run is answered by PostgreSQL as by SQLite, byte for byte of the JSON."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.exported import Study, record_study
from tests.support.postgres import Postgres
from whence._base.errors import UsageError
from whence.model.criterion import Comparison, Field, Order
from whence.query.ask.registry import QUESTIONS
from whence.query.completeness import completeness
from whence.service.index import Index, PostgresIndex, open_store, reindex
from whence.service.questions import Questions
from whence.service.sql import answer_sql
from whence.standards.format import named

THINGS = ("train.csv", "model.joblib", "odd name %.bin", "run prepare.py", "train.py")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Both indexes are made of the whole journal at once, so that they give the same numbers."""
    study = record_study(tmp_path_factory.mktemp("study"))
    reindex(study.store)
    return study


def ask(asked: Questions) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every question, by name."""
    for thing in THINGS:
        yield f"trace {thing}", lambda thing=thing: asked.trace(thing)
        yield f"trace {thing} columns", lambda thing=thing: asked.trace(thing, columns=True)
        yield f"trace {thing} short", lambda thing=thing: asked.trace(thing, max_depth=2)
        yield f"trace {thing} few", lambda thing=thing: asked.trace(thing, max_nodes=4)
        yield f"impact {thing}", lambda thing=thing: asked.impact(thing, all_versions=True)
        yield f"show {thing}", lambda thing=thing: asked.show(thing)
        yield f"columns {thing}", lambda thing=thing: asked.columns(thing)
        yield f"flow {thing}", lambda thing=thing: asked.flow(thing)
    yield "why", lambda: asked.why("model.joblib", "train.csv")
    yield "diff", lambda: asked.diff("run prepare.py", "run train.py")
    yield "status", lambda: msgspec.structs.replace(asked.status().store, index_size=0)
    for text in ("", "params.rate > 0.05", "metrics.loss < 1", "tags.team = 'red'"):
        yield f"runs {text}", lambda text=text: asked.runs(text)
    for word in ("train", "pre*", "odd values", "model.joblib", "a wrong word", "%"):
        yield f"search {word}", lambda word=word: asked.search(word)
    for name in QUESTIONS:
        yield f"ask {name}", lambda name=name: asked.ask(name)
        yield f"ask {name} of model", lambda name=name: asked.ask(name, model="model.joblib")
    store = asked.store
    yield "gaps", lambda: store.gaps()
    yield "complete", lambda: completeness(store, [node.number for node in store.iterate()], "up")
    yield "nodes", lambda: list(store.iterate())
    yield "fields", lambda: store.field_names()
    for order in ([Order(Field("metrics", "loss"), True)], [Order(Field("params", "rate"))]):
        yield f"{order}", lambda order=order: store.runs(None, order)
        has = Comparison(Field("attributes", "name"), "!=", ("x",))
        yield f"{order} few", lambda order=order, has=has: store.runs(has, order, 2, 1)


def answers(study: Study, index: Index) -> dict[str, bytes]:
    """The JSON of every answer; of what can't be asked, why."""
    found = {}
    with open_store(study.store, index=index) as store:
        asked = Questions(store, study.store, os.fsencode(study.folder))
        for name, question in ask(asked):
            try:
                found[name] = msgspec.json.encode(question(), enc_hook=repr)
            except Exception as error:  # noqa: BLE001 - compared like any other answer
                found[name] = repr(error).replace(str(index), "").encode()
    return found


def test_every_question_has_the_same_answer(study: Study, postgres: Postgres) -> None:
    expected = answers(study, None)
    found = answers(study, PostgresIndex(postgres.url, "study"))
    assert {k: v for k, v in found.items() if v != expected[k]} == {}
    assert found == expected
    assert sum(not value.startswith(b'{"') for value in expected.values()) < len(expected) // 2


@pytest.mark.parametrize("format", ["turtle", "prov-json", "openlineage"])
def test_every_export_has_the_same_bytes(
    study: Study, postgres: Postgres, format: str, tmp_path: Path
) -> None:
    from whence.service.exporting import whole

    documents = []
    for index in (None, PostgresIndex(postgres.url, "exported")):
        path = tmp_path / "document"
        with open_store(study.store, index=index) as store, path.open("wb") as out:
            named(format).export(whole(store), out)
        documents.append(path.read_bytes())
    assert documents[0] == documents[1]


def test_sql_is_refused_in_a_sentence_that_says_what_to_do(
    study: Study, postgres: Postgres
) -> None:
    index = PostgresIndex(postgres.url, "no_sql")
    with open_store(study.store, index=index) as store:
        asked = Questions(store, study.store, os.fsencode(study.folder))
        with pytest.raises(UsageError, match=r"is on PostgreSQL\. Ask in SPARQL, or export"):
            answer_sql(asked, "SELECT 1")
