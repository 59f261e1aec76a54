"""The rule of which files are left out, and the settings that change it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from whence._base.errors import UsageError
from whence.capture.file.rules import Rules, looks_temporary, rules_for
from whence.capture.settings import HASH_LIMIT, Settings, load_settings, parse_settings

ROOT = "/home/ada/project"


def rules(root: str = ROOT, cwd: str = ROOT, **globs: list[str]) -> Rules:
    return Rules(root, cwd, ["/usr/lib", "/home/ada/project/.venv", "/opt/py"], **globs)


@pytest.mark.parametrize(
    ("path", "is_out"),
    [
        (f"{ROOT}/data/raw.csv", False),
        (f"{ROOT}/.venv/lib/python3.11/x.py", True),
        (f"{ROOT}/.venv2/x", False),
        (f"{ROOT}/pkg/__pycache__/m.pyc", True),
        (f"{ROOT}/.git/index", True),
        (f"{ROOT}/.gitignore", False),
        ("/other/.whence/index.sqlite", True),
        ("/usr/lib/x.so", True),
        ("/usr/library/x.csv", False),
        ("/opt/py/lib/x", True),
        ("/mnt/data/x.parquet", False),
        ("/tmp/tmpa1b2c3d4", True),
        ("/tmp/tmpa1b2c3d4.csv", True),
        ("/tmp/tmpa1b2c3d4/deep/x.csv", True),
        ("/tmp/pymp-abcdefgh/x", True),
        ("/tmp/joblib_memmapping_folder_1_2/x.pkl", True),
        ("/tmp/results.csv", False),
        ("/tmp/tmpdata/x.csv", False),
        ("/var/tmp/tmpa1b2c3d4", True),
    ],
)
def test_the_rule_by_examples(path: str, is_out: bool) -> None:
    assert rules().leaves_out(path) is is_out


def test_a_project_in_the_temporary_folder_is_recorded() -> None:
    there = rules(root="/tmp/tmpa1b2c3d4/project", cwd="/tmp/tmpa1b2c3d4/project")
    assert not there.leaves_out("/tmp/tmpa1b2c3d4/project/tmpe5f6a7b8")
    assert there.leaves_out("/tmp/tmpa1b2c3d4/other")
    assert there.leaves_out("/tmp/tmpzzzzzzzz")


def test_the_temporary_folder_as_project_still_leaves_out_temporary_files() -> None:
    there = rules(root="/tmp", cwd="/tmp")
    assert there.leaves_out("/tmp/tmpa1b2c3d4")
    assert not there.leaves_out("/tmp/data.csv")


def test_a_folder_of_the_rule_that_holds_the_project_is_not_left_out() -> None:
    there = rules(root="/opt/py/work", cwd="/opt/py/work")
    assert not there.leaves_out("/opt/py/work/data.csv")
    assert there.leaves_out("/usr/lib/x")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.log", f"{ROOT}/a/b/x.log", True),
        ("*.log", f"{ROOT}/x.log.csv", False),
        ("scratch/**", f"{ROOT}/scratch/a/b", True),
        ("scratch", f"{ROOT}/a/scratch/b", True),
        ("scratch/", f"{ROOT}/scratch/a/b", True),
        ("a/*.csv", f"{ROOT}/a/x.csv", True),
        ("a/*.csv", f"{ROOT}/a/b/x.csv", False),
        ("a/**/x.csv", f"{ROOT}/a/b/c/x.csv", True),
        ("a/**/x.csv", f"{ROOT}/a/x.csv", True),
        ("run-?.txt", f"{ROOT}/run-1.txt", True),
        ("/mnt/cache/**", "/mnt/cache/x", True),
        ("a+b.txt", f"{ROOT}/a+b.txt", True),
        ("*.log", "/elsewhere/x.log", False),
    ],
)
def test_globs_by_examples(pattern: str, path: str, matches: bool) -> None:
    assert rules(exclude=[pattern]).leaves_out(path) is matches
    kept = Rules(ROOT, ROOT, ["/home", "/mnt", "/elsewhere"], include=[pattern])
    out_without = Rules(ROOT, ROOT, ["/home", "/mnt", "/elsewhere"]).leaves_out(path)
    assert kept.leaves_out(path) is (out_without and not matches)


def test_include_beats_exclude() -> None:
    both = rules(include=["keep.log"], exclude=["*.log"])
    assert not both.leaves_out(f"{ROOT}/keep.log")
    assert both.leaves_out(f"{ROOT}/x.log")


def test_a_folder_that_keeps_all_says_so_truly() -> None:
    assert rules().keeps_all_in(f"{ROOT}/data/")
    assert not rules().keeps_all_in("/tmp/")
    assert not rules().keeps_all_in("/usr/lib/")
    assert not rules(exclude=["*.log"]).keeps_all_in(f"{ROOT}/data/")


def test_the_rules_of_this_process_know_its_interpreter(tmp_path: Path) -> None:
    made = rules_for(str(tmp_path / "store"), str(tmp_path))
    import msgspec

    for path in (os.__file__, msgspec.__file__, sys.prefix + "/x", str(tmp_path / "store" / "x")):
        assert made.leaves_out(path)
        assert path.startswith(made.surely)
    assert not made.leaves_out(str(tmp_path / "x.csv"))


@pytest.mark.parametrize(
    ("name", "is_temporary"),
    [("tmpabcdefgh", True), ("tmpabcd_123.csv", True), ("tmpabc", False), ("tmpdirectory", False),
     ("tmpABCDEFGH", False), ("pip-unpack-x", True), ("tmp", False), ("template1", False)],
)  # fmt: skip
def test_names_of_temporary_files(name: str, is_temporary: bool) -> None:
    assert looks_temporary(name) is is_temporary


def test_without_a_file_settings_are_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert Settings().hash_limit == HASH_LIMIT


def test_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[files]\ninclude = ["a"]\nexclude = ["b", "c"]\nhash_limit = "10 MiB"\n'
        '[environment]\nvariables = ["APP_*"]\nuntracked = ["!x"]\n'
        '[observers]\noff = ["numpy"]\n'
        '[masking]\npatterns = ["corp-[0-9]+"]\n'
    )
    assert load_settings(tmp_path) == Settings(
        include=("a",), exclude=("b", "c"), hash_limit=10 << 20, variables=("APP_*",),
        untracked=("!x",), off=("numpy",), patterns=("corp-[0-9]+",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x =", "config.toml are not valid TOML"),
        ("[file]\n", r"no table \[file\]; known: environment, files, masking, observers"),
        ("files = 3\n", r"no table \[files\]"),
        ("[files]\nexclud = []\n", "has no 'exclud'; known: exclude, hash_limit, include"),
        ('[files]\nexclude = "a"\n', "must be a list of texts"),
        ("[files]\nexclude = [1]\n", "must be a list of texts"),
        ('[files]\nhash_limit = "large"\n', "must be a size"),
        ("[files]\nhash_limit = -1\n", "must be a size"),
        ("[files]\nhash_limit = true\n", "must be a size"),
        ('[masking]\npatterns = ["("]\n', r"'\(' is no regular expression"),
        ('[masking]\npatterns = ["a*"]\n', "matches the empty text"),
    ],
)
def test_wrong_settings_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_settings(text.encode(), "config.toml")


def test_settings_that_can_not_be_read_say_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(UsageError, match="can't be read: Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "size"),
    [('"0"', 0), ('"5"', 5), ('"5 B"', 5), ('"2KiB"', 2048), ('"3 GB"', 3 * 10**9), ("7", 7)],
)
def test_sizes(text: str, size: int) -> None:
    settings = parse_settings(f"[files]\nhash_limit = {text}\n".encode(), "x")
    assert settings.hash_limit == size
