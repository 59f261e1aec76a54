"""What is recorded of LightGBM and XGBoost where their own functions train."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation

np = pytest.importorskip("numpy", reason="needs numpy")
pd = pytest.importorskip("pandas", reason="needs pandas")

ROWS = 80
NAMES: dict[str, Any] = {
    "lightgbm": {"set": "Dataset", "train_set": "train_set", "valid_sets": "valid_sets"},
    "xgboost": {"set": "DMatrix", "train_set": "dtrain", "valid_sets": "evals"},
}
PARAMS: dict[str, dict[str, Any]] = {
    "lightgbm": {"objective": "binary", "num_leaves": 4, "verbosity": -1, "num_threads": 1},
    "xgboost": {"objective": "binary:logistic", "max_depth": 2, "verbosity": 0, "nthread": 1},
}


@pytest.fixture(params=list(NAMES))
def library(request: pytest.FixtureRequest) -> ModuleType:
    return pytest.importorskip(request.param, reason="needs the library")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    a, b = np.arange(ROWS) % 7, np.arange(ROWS) % 5
    frame = pd.DataFrame({"a": a, "b": b, "y": (a + b > 5).astype(int)})
    frame.to_csv(tmp_path / "raw.csv", index=False)
    frame.to_csv(tmp_path / "more.csv", index=False)
    return tmp_path


def data_set(library: ModuleType, *args: Any, **kwargs: Any) -> Any:
    return getattr(library, NAMES[library.__name__]["set"])(*args, **kwargs)


def test_a_model_comes_from_the_frames_of_its_data_set(library: ModuleType, folder: Path) -> None:
    name, names = library.__name__, NAMES[library.__name__]
    with observing(folder, "pandas", name) as session:
        frame, labels = pd.read_csv("raw.csv"), pd.read_csv("more.csv")
        train = data_set(library, frame, label=labels)
        labels = None
        train = data_set(library, frame, frame["y"])
        model = library.train(PARAMS[name], train, 3)
        line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]
    assert model.num_boosted_rounds() if name == "xgboost" else model.num_trees() == 3
    record = Recorded(folder)
    (fit,) = record.activities("fit")
    _, used = record.entities_of("dataset", names["set"])
    made = record.entity("model")
    assert (fit.name, fit.parent, record.end(fit).status) == (
        f"{name}.train", session.run, "finished",
    )  # fmt: skip
    told = {key: fit.attributes[key] for key in ("class", "role", "data", "file", "line", "call")}
    assert told == {
        "class": f"{name}.Booster", "role": "train", "data": {names["train_set"]: 1},
        "file": __file__, "line": line, "call": f"{name}.train",
    }  # fmt: skip
    first, column, last, end = fit.attributes["span"]
    text = Path(__file__).read_text().splitlines()[first - 1][column:end]
    assert (text, first) == ("library.train(PARAMS[name], train, 3)", last)
    assert record.sources(fit.id, Relation.USED) == {used.id: names["train_set"]}
    assert record.sources(made.id, Relation.WAS_GENERATED_BY) == {fit.id: ""}
    assert made.attributes["library"] == name
    assert sorted(record.sources(used.id, Relation.WAS_DERIVED_FROM).values()) == ["data", "label"]
    assert record.upstream_files(used.id) == {"raw.csv"}
    rounds = {"num_boost_round": 3}
    params = record.params(fit.id)
    assert {key: params[key] for key in (*PARAMS[name], *rounds)} == {**PARAMS[name], **rounds}
    assert record.params(session.run).items() >= PARAMS[name].items()


def test_validation_sets_are_told_one_by_one(library: ModuleType, folder: Path) -> None:
    name, names = library.__name__, NAMES[library.__name__]
    with observing(folder, "pandas", name):
        frame, other = pd.read_csv("raw.csv"), pd.read_csv("more.csv")
        train = data_set(library, frame[["a"]], label=frame["y"])
        held = data_set(library, other[["a"]], label=other["y"])
        if name == "lightgbm":
            library.train(PARAMS[name], train, 2, valid_sets=[train, held])
        else:
            pairs = [(train, "train"), (held, "held")]
            library.train(PARAMS[name], train, 2, evals=pairs, verbose_eval=False)
    record = Recorded(folder)
    (fit,) = record.activities("fit")
    first, second = record.entities_of("dataset", names["set"])
    several = names["valid_sets"]
    assert fit.attributes["data"] == {names["train_set"]: 1, several: 3}
    used = [
        (event.target, event.role)
        for event in record.events
        if getattr(event, "source", None) == fit.id and event.relation == Relation.USED
    ]
    assert used == [
        (first.id, names["train_set"]), (first.id, f"{several}[0]"), (second.id, f"{several}[1]"),
    ]  # fmt: skip


def test_a_data_set_that_the_library_reads_itself_is_a_read(
    library: ModuleType, tmp_path: Path
) -> None:
    name = library.__name__
    rows = [f"{n % 2} 0:{n % 7} 1:{n % 5}" for n in range(ROWS)]
    (tmp_path / "raw.svm").write_text("\n".join(rows) + "\n")
    with observing(tmp_path, name):
        path = "raw.svm?format=libsvm" if name == "xgboost" else "raw.svm"
        train = data_set(library, path)
        library.train(PARAMS[name], train, 2)
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    (fit,) = record.activities("fit")
    assert read.name == f"{name}.{NAMES[name]['set']}"
    assert record.upstream_files(read.id) == {"raw.svm"}
    assert record.upstream_files(fit.id) == {"raw.svm"}


def test_a_model_that_is_saved_and_loaded_is_linked_both_ways(
    library: ModuleType, folder: Path
) -> None:
    name, names = library.__name__, NAMES[library.__name__]
    with observing(folder, "pandas", name):
        frame = pd.read_csv("raw.csv")
        train = data_set(library, frame[["a", "b"]], label=frame["y"])
        library.train(PARAMS[name], train, 2).save_model("model.json")
        loaded = library.Booster(model_file="model.json")
        again = {"init_model" if name == "lightgbm" else "xgb_model": loaded}
        more = data_set(library, frame[["a", "b"]], label=frame["y"])
        library.train(PARAMS[name], more, 1, **again)
    record = Recorded(folder)
    made, loaded_model, continued = record.entities_of("model", "Booster")
    saved = record.entity("model", "model.json")
    (read,) = [one for one in record.activities("read") if one.name.startswith(name)]
    accesses = [
        opened.access
        for opened in record.openings.values()
        if bytes(opened.path).endswith(b"model.json")
    ]
    assert accesses == (["w", "a", "r"] if name == "lightgbm" else ["w", "r"])
    assert record.openings[saved.id].access == accesses[-2]
    assert record.sources(saved.id, Relation.WAS_DERIVED_FROM) == {made.id: ""}
    assert record.sources(loaded_model.id, Relation.WAS_GENERATED_BY) == {read.id: read.name}
    assert record.upstream_files(loaded_model.id) == {"model.json"}
    assert record.sources(continued.id, Relation.WAS_REVISION_OF) == {loaded_model.id: ""}
    assert len(record.entities_of("dataset", names["set"])) == 2


def test_a_cross_validation_gives_its_metrics(library: ModuleType, folder: Path) -> None:
    name, names = library.__name__, NAMES[library.__name__]
    with observing(folder, name):
        frame = pd.read_csv("raw.csv")
        train = data_set(library, frame[["a"]], label=frame["y"])
        library.cv(PARAMS[name], train, 2, nfold=2)
    record = Recorded(folder)
    (validation,) = record.activities("score")
    assert validation.name == f"{name}.cv"
    assert validation.attributes["data"] == {names["train_set"]: 1}
    assert record.end(validation).status == "finished"
    assert {len(points) for points in record.series().values()} == {2}
    assert record.activities("fit") == []


def test_a_training_that_fails_is_recorded_as_failed(library: ModuleType, folder: Path) -> None:
    name = library.__name__

    def stop(environment: object) -> None:
        raise RuntimeError("stop")

    callback: Any = stop
    if name == "xgboost":
        base = importlib.import_module("xgboost.callback").TrainingCallback
        callback = type("Stop", (base,), {"before_training": lambda self, model: stop(model)})()
    with observing(folder, name):
        train = data_set(library, np.arange(ROWS).reshape(-1, 1) * 1.0, label=np.arange(ROWS) % 2)
        with pytest.raises(RuntimeError, match="stop"):
            library.train(PARAMS[name], train, 2, callbacks=[callback])
    record = Recorded(folder)
    (fit,) = record.activities("fit")
    assert (record.end(fit).status, record.end(fit).attributes) == (
        "failed", {"error": "RuntimeError"},
    )  # fmt: skip
    assert record.entities_of("model") == []


def test_the_class_for_scikit_learn_is_one_fit(library: ModuleType, folder: Path) -> None:
    name = library.__name__
    with observing(folder, "pandas", "sklearn", name):
        frame = pd.read_csv("raw.csv")
        model = library.LGBMClassifier if name == "lightgbm" else library.XGBClassifier
        model(n_estimators=2, n_jobs=1, verbosity=-1 if name == "lightgbm" else 0).fit(
            frame[["a", "b"]], frame["y"]
        )
    record = Recorded(folder)
    (fit,) = record.activities("fit")
    assert fit.name == f"{model.__name__}.fit"
    assert fit.attributes["data"] == {"X": 0, "y": 1}
    assert record.entities_of("dataset") == []


def test_a_file_of_a_class_for_scikit_learn_comes_from_its_fit(
    library: ModuleType, folder: Path
) -> None:
    name = library.__name__
    with observing(folder, "pandas", "sklearn", name):
        frame = pd.read_csv("raw.csv")
        if name == "lightgbm":
            model = library.LGBMClassifier(n_estimators=2, n_jobs=1, verbosity=-1)
            model.fit(frame[["a", "b"]], frame["y"])
            model.booster_.save_model("model.txt")
        else:
            model = library.XGBClassifier(n_estimators=2, n_jobs=1, verbosity=0)
            model.fit(frame[["a", "b"]], frame["y"])
            model.save_model("model.json")
            model.get_booster().save_model("booster.json")
            library.XGBClassifier().load_model("model.json")
    record = Recorded(folder)
    (fit,) = record.activities("fit")
    booster = record.entities_of("model", "Booster")[0]
    assert record.sources(booster.id, Relation.WAS_GENERATED_BY) == {fit.id: "_Booster"}
    if name == "lightgbm":
        saved = record.entity("model", "model.txt")
        assert record.sources(saved.id, Relation.WAS_DERIVED_FROM) == {booster.id: ""}
        return
    made, loaded = record.entities_of("model", "XGBClassifier")
    saved, inner = (record.entity("model", one) for one in ("model.json", "booster.json"))
    assert record.sources(saved.id, Relation.WAS_DERIVED_FROM) == {made.id: ""}
    assert record.sources(inner.id, Relation.WAS_DERIVED_FROM) == {booster.id: ""}
    assert record.upstream_files(loaded.id) == {"model.json"}
