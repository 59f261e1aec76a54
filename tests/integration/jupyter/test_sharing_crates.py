"""A notebook given to someone else: as a crate that is valid, taken in, and compared with there."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest

from tests.support.corpus import ROOT, shared
from tests.support.kernel import kernel
from tests.support.notebook_journal import write_notebook
from tests.support.program import environment, whence
from whence._base.ids import format_id
from whence.journal.home import content_path
from whence.service.exchange import Exchange
from whence.service.questions import open_questions
from whence.standards.format import every
from whence.standards.rocrate.notebook import cell_texts

pytest.importorskip("pandas")
pytest.importorskip("sklearn")

pytestmark = pytest.mark.xdist_group("sharing")

PYTHON = ROOT / "build" / "validators" / "bin" / "python"
SCRIPT = ROOT / "tests" / "support" / "crate_validator.py"
CELLS = {
    "load": "import pandas as pd, mine\ndf = mine.clean(pd.read_csv('data/a.csv'))",
    "fit": "from sklearn.linear_model import LogisticRegression\nimport joblib\n"
    "m = LogisticRegression().fit(df[['x']], df['y'])\njoblib.dump(m, 'm.joblib')\n"
    "df.to_csv('clean.csv')",
    "show": "password = 'hunter2'\ndf.head(2)",
}


class Shared(NamedTuple):
    """Where it was recorded, and the crate of it."""

    folder: Path
    crate: bytes

    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.crate)) as archive:
            return {one.filename: archive.read(one) for one in archive.infolist()}

    def entities(self) -> dict[str, Any]:
        metadata = json.loads(self.members()["ro-crate-metadata.json"])
        return {one["@id"]: one for one in metadata["@graph"]}


@pytest.fixture(scope="module")
def shared_notebook(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    folder = tmp_path_factory.mktemp("sharing") / "alice"
    (folder / "data").mkdir(parents=True)
    rows = "".join(f"{n},{int(n > 20)}\n" for n in range(40))
    (folder / "data" / "a.csv").write_text("x,y\n" + rows)
    (folder / "mine.py").write_text("def clean(frame):\n    return frame.dropna()\n")
    write_notebook(folder / "nb.ipynb", CELLS)
    with kernel(folder, WHENCE_NOTEBOOK=str(folder / "nb.ipynb")) as running:
        for cell, source in CELLS.items():
            answer = running.run(source, cell)
            assert answer.status == "ok", answer.reply
        running.shut_down()
    return Shared(folder, exported(folder, "nb.ipynb"))


def exported(folder: Path, thing: str) -> bytes:
    done = whence(folder, "export", thing, "--format", "ro-crate", "-o", "crate.zip")
    assert done.returncode == 0, done.stderr
    return (folder / "crate.zip").read_bytes()


def validated(folder: Path, *crates: bytes) -> list[dict[str, Any]]:
    assert PYTHON.exists(), f"{PYTHON} is not there; run: make validators"
    words = []
    for number, data in enumerate(crates):
        (folder / f"{number}.zip").write_bytes(data)
        words += ["provenance-run-crate", str(folder / f"{number}.zip")]
    done = subprocess.run(
        [PYTHON, SCRIPT, folder / "cache", shared("ro-crate"), *words],
        cwd=folder, capture_output=True, text=True, timeout=300, check=True,
        env=environment(HOME=str(folder), XDG_CACHE_HOME=str(folder / "xdg")),
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_crate_has_the_notebook_its_cells_data_environment_and_flow(
    shared_notebook: Shared,
) -> None:
    members, entities = shared_notebook.members(), shared_notebook.entities()
    assert list(members) == [
        "prov.json", "README.md", "code/nb.ipynb", "flow.json", "ro-crate-metadata.json",
    ]  # fmt: skip
    assert members["code/nb.ipynb"] == (shared_notebook.folder / "nb.ipynb").read_bytes()
    assert entities["./"]["mainEntity"] == {"@id": "code/nb.ipynb"}
    assert "ComputationalWorkflow" in entities["code/nb.ipynb"]["@type"]
    cells = {one["name"]: one for one in entities.values() if one["@id"].startswith("#cell/")}
    assert {name: one["text"] for name, one in cells.items()} == {
        f"Cell {name}": source for name, source in _masked(CELLS).items()
    }
    data = entities[(shared_notebook.folder / "data" / "a.csv").as_uri()]
    assert len(data["sha256"]) == 64
    edges = json.loads(members["flow.json"])["edges"]
    assert ("data/a.csv", "LogisticRegression") in {
        (edge["source"]["origin"], edge["sink"]["class"]) for edge in edges
    }
    assert any(one.get("name", "").startswith("Python 3.") for one in entities.values())
    outputs = [one for one in entities.values() if one.get("additionalType") == "output"]
    assert [len(one["sha256"]) for one in outputs] == [64]


def _masked(cells: dict[str, str]) -> dict[str, str]:
    return {name: source.replace("hunter2", "***") for name, source in cells.items()}


def test_crates_of_notebooks_are_valid_also_when_the_file_has_changed(
    shared_notebook: Shared, tmp_path: Path
) -> None:
    place = shared_notebook.folder / "nb.ipynb"
    before = place.read_bytes()
    try:
        place.write_bytes(before + b"\n")
        rebuilt = Shared(place, exported(shared_notebook.folder, "nb.ipynb"))
    finally:
        place.write_bytes(before)
    notebook = nbformat.reads(rebuilt.members()["code/nb.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    assert {cell.id: cell.source for cell in notebook.cells} == _masked(CELLS)
    assert "Made from the record" in rebuilt.entities()["code/nb.ipynb"]["description"]
    found = validated(tmp_path, shared_notebook.crate, rebuilt.crate)
    assert [(one["passed"], one["skipped"], one["issues"]) for one in found] == [(True, 0, [])] * 2


def test_someone_else_sees_whether_data_modules_and_packages_are_the_same(
    shared_notebook: Shared, tmp_path: Path
) -> None:
    folder = tmp_path / "bob"
    (folder / ".whence").mkdir(parents=True)
    (folder / "crate.zip").write_bytes(shared_notebook.crate)
    (folder / "nb.ipynb").write_bytes(shared_notebook.members()["code/nb.ipynb"])
    with hidden(shared_notebook.folder):
        unknown = whence(folder, "verify", "nb.ipynb")
        assert whence(folder, "import", "crate.zip").returncode == 0
        texts = {name for name in CELLS if content_path(folder / ".whence", digest(name)).exists()}
        missing = whence(folder, "verify", "nb.ipynb", "--json")
        (folder / "data").mkdir()
        rows = (shared_notebook.folder.with_name("away") / "data" / "a.csv").read_text()
        (folder / "data" / "a.csv").write_text(rows)
        (folder / "mine.py").write_text("def clean(frame):\n    return frame\n")
        other = whence(folder, "verify", "nb.ipynb", "--json")
        (folder / "mine.py").write_text("def clean(frame):\n    return frame.dropna()\n")
        same = whence(folder, "verify", "nb.ipynb")
    assert texts == {"load", "fit"}  # what was masked has not the digest that it is known by
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert (missing.returncode, other.returncode, same.returncode) == (3, 3, 0)
    assert [state(missing.stdout, name) for name in ("a.csv", "mine.py", "pandas")] == [
        (False, False), (False, False), (True, True),
    ]  # fmt: skip
    assert [state(other.stdout, name) for name in ("a.csv", "mine.py")] == [
        (True, True), (False, True),
    ]  # fmt: skip
    assert "data  the same: 1" in same.stdout
    assert "modules  the same: 1" in same.stdout


def digest(cell: str) -> bytes:
    return hashlib.sha256(CELLS[cell].encode()).digest()


def test_a_forged_text_is_not_taken_for_the_code_of_a_cell() -> None:
    true = hashlib.sha256(b"x = 1")
    cell = {"@id": "#cell/a/1", "softwareVersion": f"sha256:{true.hexdigest()}", "text": "x = 1"}
    forged = cell | {"@id": "#cell/b/2", "text": "x = 2"}
    odd = {"@id": "#cell/c/3", "text": ["x"]}
    graph = {one["@id"]: one for one in (forged, odd)}
    assert cell_texts(graph) == {}
    assert cell_texts(graph | {"#cell/a/1": cell}) == {true.digest(): b"x = 1"}


class hidden:  # used as a statement
    """A folder away for a while, so that only what was given is there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._away = folder, folder.with_name("away")

    def __enter__(self) -> None:
        self._folder.rename(self._away)

    def __exit__(self, *_: object) -> None:
        self._away.rename(self._folder)


def state(answer: str, name: str) -> tuple[bool, bool]:
    """Whether a thing is the same, and whether it is there at all."""
    items = {Path(one["name"]).name: one for one in json.loads(answer)["items"]}
    return items[name]["same"], items[name]["here"] is not None


@pytest.mark.parametrize("format", [one.name for one in every() if one.writes])
def test_every_format_takes_a_session_and_a_notebook(shared_notebook: Shared, format: str) -> None:
    folder = shared_notebook.folder
    with open_questions(folder / ".whence", folder) as asked:
        (session,) = asked.store.runs()
        for thing in (str(folder / "nb.ipynb"), format_id(session.uid)):
            out = io.BytesIO()
            assert Exchange(asked).export(out, thing, format) > 10
            assert len(out.getvalue()) > 100
