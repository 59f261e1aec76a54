"""A project of a server is asked as a store on this machine is, and answers the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import wait_for_companions, whence
from tests.support.receiving import ServerProcess, until

TRAIN = """
import whence
with whence.run("fit") as run:
    rows = open("data.csv").read()
    run.log_param("lr", 0.1)
    run.log_metric("acc", 0.9, step=1)
    open("model.bin", "w").write(rows * 3)
"""


class Place:
    """A folder whose store is sent to a server."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def here(self, *words: str) -> Any:
        return json.loads(whence(self.folder, *words, "--json").stdout)

    def there(self, *words: str) -> Any:
        done = whence(self.folder, *words, "--json", "--store", self.url)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def text(self, *words: str) -> tuple[str, str]:
        """What both print."""
        return whence(self.folder, *words).stdout, whence(
            self.folder, *words, "--store", self.url
        ).stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("work")
    (folder / "data.csv").write_text("a,b\n1,2\n" * 100)
    (folder / "train.py").write_text(TRAIN)
    with ServerProcess(tmp_path_factory.mktemp("home")) as server:
        url = server.url()
        for _ in range(2):
            assert whence(folder, "run", "--store", url, "train.py").returncode == 0
        wait_for_companions(folder / ".whence")
        assert whence(folder, "push", "--store", url).returncode == 0
        here = json.loads(whence(folder, "status", "--json").stdout)["store"]["counts"]

        def is_folded() -> bool:
            told = whence(folder, "status", "--json", "--store", url)
            return bool(json.loads(told.stdout)["store"]["counts"] == here)

        until(is_folded, "the server to fold")
        yield Place(folder, url)


@pytest.mark.parametrize(
    "words",
    [
        ("trace", "model.bin"),
        ("trace", "model.bin", "--depth", "1"),
        ("trace", "model.bin", "--columns"),
        ("impact", "data.csv"),
        ("impact", "data.csv", "--all-versions", "--limit", "2"),
        ("why", "data.csv", "model.bin"),
        ("show", "model.bin"),
        ("search", "train"),
        ("log",),
        ("log", "--filter", "metrics.acc > 0.5", "--limit", "1"),
    ],
)
def test_the_server_answers_as_the_store_does(place: Place, words: tuple[str, ...]) -> None:
    here, there = place.here(*words), place.there(*words)
    for answer in (here, there):
        del answer["query"]
    assert there == here


@pytest.mark.parametrize(
    "words",
    [
        ("trace", "model.bin"),
        ("why", "data.csv", "model.bin"),
        ("log",),
        ("log", "--show", "metrics.acc", "--show", "params.lr"),
    ],
)
def test_what_the_server_answers_is_drawn_alike(place: Place, words: tuple[str, ...]) -> None:
    here, there = place.text(*words)
    assert there == here
    assert "train.py" in there


def test_two_runs_are_compared_at_the_server(place: Place) -> None:
    runs = [
        node["id"] for node in place.there("log")["nodes"] if not node["attributes"].get("part_of")
    ]
    assert place.there("diff", *runs)["sections"] == place.here("diff", *runs)["sections"]


def test_a_file_is_found_at_the_server_by_its_bytes(place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy-of-it.bin"
    copy.write_bytes((place.folder / "model.bin").read_bytes())
    done = whence(tmp_path, "trace", "copy-of-it.bin", "--store", place.url)
    assert done.returncode == 0, done.stderr
    assert "data.csv" in done.stdout


def test_what_is_not_known_and_what_is_wrong_are_told_as_by_a_store(place: Place) -> None:
    for words in (("trace", "nothing.bin"), ("log", "--filter", "acc >")):
        here = whence(place.folder, *words)
        there = whence(place.folder, *words, "--store", place.url)
        assert (there.returncode, there.stdout) == (here.returncode, "")
        assert there.stderr.startswith("whence: ")
    done = whence(place.folder, "sql", "SELECT 1", "--store", place.url)
    assert done.returncode == 2
    assert "can't be asked that over the network" in done.stderr
    away = whence(place.folder, "trace", "x", "--store", "http://127.0.0.1:9/projects/demo")
    assert (away.returncode, "can't be reached" in away.stderr) == (2, True)


def test_the_environment_names_the_server_to_ask(place: Place, tmp_path: Path) -> None:
    done = whence(tmp_path, "log", "--json", WHENCE_HOME=place.url)
    assert len(json.loads(done.stdout)["nodes"]) == len(place.here("log")["nodes"])
