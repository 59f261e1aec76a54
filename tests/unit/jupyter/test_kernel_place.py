"""Where a kernel's notebook lies, as front ends say it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from whence.jupyter.place import notebook_of


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "root" / "sub"
    folder.mkdir(parents=True)
    (folder / "train.ipynb").write_text("{}")
    for name in ("WHENCE_NOTEBOOK", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder)
    return folder


def found(**names: object) -> str:
    return notebook_of(SimpleNamespace(user_ns=names))


def test_nobody_says_it(project: Path) -> None:
    assert found() == ""


@pytest.mark.parametrize("named", ["train.ipynb", "sub/train.ipynb", "{}/train.ipynb"])
def test_a_server_says_it_from_its_own_folder_or_in_full(
    project: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", named.format(project))
    assert found() == str(project / "train.ipynb")


def test_a_console_has_a_name_and_no_notebook(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "Console 1")
    assert found() == ""


def test_vs_code_says_it_in_a_global(project: Path) -> None:
    assert found(__vsc_ipynb_file__=str(project / "train.ipynb")) == str(project / "train.ipynb")
    assert found(__vsc_ipynb_file__=7) == ""


def test_what_whence_run_says_comes_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "other.ipynb").write_text("{}")
    monkeypatch.setenv("WHENCE_NOTEBOOK", "other.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", "train.ipynb")
    assert found() == str(project / "other.ipynb")
