"""A server with its indexes in PostgreSQL answers as one with SQLite files does."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.many_runs import make, run_id
from tests.support.postgres import Postgres, binaries
from tests.support.server import serving
from whence._base.ids import format_id
from whence.server.project import LONGEST_SCHEMA, schema_of

pytestmark = pytest.mark.skipif(binaries() is None, reason="no PostgreSQL here")
pytest.importorskip("psycopg")

MODEL = format_id(run_id(7, 2))
ASKED = [
    "runs?limit=7&total=true", "runs?limit=5&order_by=metrics.acc desc&filter=params.lr > 0.005",
    "runs/fields", f"show?thing={MODEL}", f"trace?thing={MODEL}", "search?text=train_3.py",
    "entities?kind=dataset&limit=2", f"metrics?run={format_id(run_id(3))}",
    f"compare?run={format_id(run_id(3))}&run={format_id(run_id(4))}",
]  # fmt: skip


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with closing(Postgres()) as found:
        yield found


def home_of(folder: Path, made: Path) -> Path:
    (folder / "projects").mkdir(parents=True)
    for name in ("one", "two"):
        shutil.copytree(made, folder / "projects" / name)
    return folder


def answers(home: Path, *options: str) -> dict[str, object]:
    arguments = ("server", "--home", str(home), "--port", "0", *options)
    with serving(*arguments, cwd=home) as server:

        def asked(path: str) -> object:
            found = server.client.get(f"/api/v1/projects/one/{path}")
            assert found.status_code == 200, (path, found.text)
            return found.json()

        while asked("runs?limit=1&total=true")["total"] < 40:
            pass
        assert server.client.get("/health").json() == {"ok": True, "projects": 2}
        return {path: asked(path) for path in ASKED}


def test_the_answers_are_the_same(tmp_path, database):
    made = make(tmp_path / "made", 40)
    with_files = answers(home_of(tmp_path / "files", made))
    for file in made.glob("index.sqlite*"):
        file.unlink()
    with_database = answers(home_of(tmp_path / "database", made), "--store", database.url)
    assert with_database == with_files


def test_each_project_has_a_schema_of_its_own():
    names = ["a", "public", "pg_catalog", "x" * 63, "x" * 62 + "y", "a-b", "a.b", "a_b"]
    schemas = [schema_of(name) for name in names]
    assert len(set(schemas)) == len(names)
    assert all(len(one) <= LONGEST_SCHEMA and one.startswith("whence_") for one in schemas)
