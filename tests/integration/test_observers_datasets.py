"""What is recorded of data sets of Hugging Face: loaded, changed and saved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from tests.support.truth import Project
from whence.model.relation import Relation

datasets = pytest.importorskip("datasets", reason="needs Hugging Face datasets")
pd = pytest.importorskip("pandas", reason="needs pandas")

ROWS = "a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(8))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "raw.csv").write_text(ROWS)
    (tmp_path / "more.csv").write_text(ROWS.replace("7,1", "9,1"))
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / ".cache")
    datasets.disable_progress_bars()
    return tmp_path


def files(record: Recorded, used: list[tuple[bytes, str]]) -> set[tuple[str, str]]:
    return {(Path(bytes(record.openings[id].path).decode()).name, role) for id, role in used}


def test_the_splits_of_a_data_set_come_each_from_its_files(folder: Path) -> None:
    with observing(folder, "datasets"):
        found = datasets.load_dataset(
            "csv", data_files={"train": "raw.csv", "test": ["more.csv"]}, cache_dir=".cache"
        )
    record = Recorded(folder)
    (read,) = record.activities("read")
    assert read.name == "datasets.load_dataset"
    assert files(record, read.used) == {("raw.csv", "train"), ("more.csv", "test")}
    train, test = record.entity("dataset", "train"), record.entity("dataset", "test")
    assert record.upstream_files(train.id) >= {"raw.csv"}
    sources = record.sources(test.id, Relation.WAS_DERIVED_FROM)
    assert files(record, list(sources.items())) == {("more.csv", "test")}
    assert {name: train.attributes[name] for name in ("columns", "shape", "split")} == {
        "columns": ["a", "b"], "shape": [8, 2], "split": "train",
    }  # fmt: skip
    assert test.attributes["split"] == "test"
    assert list(found) == ["train", "test"]
    assert record.gaps == []


@pytest.mark.parametrize("how", ["one", "again", "folder", "from_csv", "streaming", "parquet"])
def test_a_data_set_comes_from_its_file(
    folder: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir()
    os.rename(folder / "raw.csv", folder / "data" / "raw.csv")
    pd.read_csv(folder / "data" / "raw.csv").to_parquet(folder / "raw.parquet")
    path = "data/raw.csv"

    def load(*given: Any, **named: Any) -> Any:
        return datasets.load_dataset(*given, **named)

    ways: dict[str, Any] = {
        "one": lambda: load("csv", data_files=path, split="train", cache_dir=".cache"),
        "again": lambda: load("csv", data_files=path, cache_dir=".cache")["train"],
        "folder": lambda: load("data", cache_dir=".cache")["train"],
        "from_csv": lambda: datasets.Dataset.from_csv(path, cache_dir=".cache"),
        "streaming": lambda: load("csv", data_files=path, streaming=True)["train"],
        "parquet": lambda: datasets.Dataset.from_parquet("raw.parquet", cache_dir=".cache"),
    }
    if how == "again":
        monkeypatch.chdir(folder)
        ways[how]()
    with observing(folder, "datasets"):
        found = ways[how]()
        rows = list(found)
    assert len(rows) == 8
    record = Recorded(folder)
    (read,) = record.activities("read")
    name = "raw.parquet" if how == "parquet" else "raw.csv"
    assert {file for file, _ in files(record, read.used)} == {name}
    (made,) = record.entities_of("dataset")
    assert "split" not in made.attributes
    assert record.upstream_files(made.id) == {name}


def test_what_becomes_of_a_data_set_keeps_its_past(folder: Path) -> None:
    with observing(folder, "pandas", "datasets"):
        whole = datasets.Dataset.from_pandas(pd.read_csv("raw.csv"))
        mapped = whole.map(lambda row: {"c": row["a"] + 1}).filter(lambda row: row["a"] > 0)
        parts = mapped.shuffle(seed=1).train_test_split(test_size=2, seed=0)
        small = parts.map(lambda row: {"d": 1})["train"].select([0, 1]).rename_column("c", "e")
        both = datasets.concatenate_datasets([small, parts["test"]])
        frame = both.to_pandas()
    assert len(frame) == 4
    record = Recorded(folder)
    assert record.upstream_files(record.entities_of("frame")[-1].id) == {"raw.csv"}
    assert [e.attributes["split"] for e in record.entities_of("dataset", "train")] == ["train"] * 2
    assert record.entities_of("dataset", "test")[0].attributes["split"] == "test"
    assert record.activities("read")[0].name == "pandas.read_csv"
    assert len(record.activities("read")) == 1
    renamed = next(
        e for e in record.entities_of("dataset") if e.attributes["columns"] == list("abed")
    )
    assert renamed.attributes["shape"] == [2, 4]


def test_what_is_saved_and_loaded_again_is_followed(folder: Path) -> None:
    with observing(folder, "datasets"):
        splits = datasets.load_dataset(
            "csv", data_files={"train": "raw.csv", "validation": "more.csv"}, cache_dir=".cache"
        )
        splits.save_to_disk("saved")
        splits["train"].to_csv("again.csv")
        loaded = datasets.load_from_disk("saved")["train"]
    assert len(loaded) == 8
    record = Recorded(folder)
    again, train = record.entity("dataset", "again.csv"), record.entities_of("dataset", "train")[0]
    assert record.sources(again.id, Relation.WAS_DERIVED_FROM) == {train.id: "datasets.to_csv"}
    arrow = record.entity("dataset", "saved/train/data-00000-of-00001.arrow")
    assert record.upstream_files(arrow.id) == {"raw.csv", "more.csv"}
    used = {name for name, _ in files(record, record.activities("read")[1].used)}
    assert "data-00000-of-00001.arrow" in used
    assert record.entities_of("dataset", "validation")[0].attributes["split"] == "validation"


def test_an_error_reaches_the_program_and_leaves_no_data_set(folder: Path) -> None:
    with observing(folder, "datasets"):
        with pytest.raises(FileNotFoundError):
            datasets.load_dataset("csv", data_files="none.csv")
        with pytest.raises(KeyError):
            datasets.Dataset.from_dict({"a": [1]}).map(lambda row: {"c": row["b"]})
    record = Recorded(folder)
    assert (record.activities("read"), record.entities_of("dataset")) == ([], [])


def test_a_module_of_the_user_s_own_of_that_name_is_left_alone(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.write("datasets.py", "class Dataset: pass\ndef load_dataset(): return 5\n")
    ran = project.run("main.py", "import datasets\nprint(datasets.load_dataset())")
    assert (ran.out, ran.err) == ("5\n", "")
    assert project.json("show", "main")["completeness"]["gaps"] == []


def test_the_flow_of_a_run_names_the_files(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    project = Project(tmp_path / "project")
    project.write("raw.csv", ROWS)
    project.run(
        "train.py",
        """
        from datasets import load_dataset
        from sklearn.linear_model import LogisticRegression
        data = load_dataset("csv", data_files="raw.csv", split="train", cache_dir=".cache")
        train = data.train_test_split(test_size=2, seed=0)["train"].to_pandas()
        LogisticRegression().fit(train[["a"]], train["b"])
        """,
    )
    (edge,) = project.json("flow", "train")["edges"]
    assert (edge["source"]["call"], edge["source"]["origin"], edge["arguments"]) == (
        "datasets.load_dataset", "raw.csv", ["X", "y"],
    )  # fmt: skip


def test_datasets_is_left_as_it_was_found(tmp_path: Path) -> None:
    owners = (datasets, datasets.Dataset, datasets.DatasetDict, datasets.IterableDataset)
    before = [dict(vars(owner)) for owner in owners]
    with observing(tmp_path, "datasets"):
        pass
    assert [dict(vars(owner)) for owner in owners] == before
