"""A run that `whence.run` begins in a launched script is shown within that script's run."""

from __future__ import annotations

from pathlib import Path

import pytest

import whence
from tests.support.journal import JournalBuilder
from whence._base.ids import format_id
from whence.cli.app import main
from whence.query.spelling import short_id

TEXT = b"some text of a file\n" * 10


@pytest.fixture
def ids(tmp_path: Path) -> tuple[str, str]:
    """The ids of a script's run and of the declared one in which it wrote ``out.bin``."""
    journal = JournalBuilder(tmp_path)
    (tmp_path / "in.csv").write_bytes(TEXT)
    with journal.run("script.py") as outer:
        outer.read(tmp_path / "in.csv")
        inner = outer.started("run", "declared", parent=outer.id)
        outer.write(tmp_path / "out.bin", TEXT + TEXT, activity=inner)
        outer.ended(inner)
        outer.gap("child-unreached", detail="ls")
    return format_id(outer.id), format_id(inner)


def test_log_lists_it_right_below_or_names_the_outer_one(
    tmp_path: Path, ids: tuple[str, str]
) -> None:
    outer, _ = ids
    listed = whence.runs(store=tmp_path)
    part = {run.name: run.attributes.get("part_of") for run in listed.nodes}
    assert part == {"script.py": None, "declared": outer}
    names = [line.split("  ")[1].strip() for line in str(listed).splitlines()[1:]]
    assert names == ["script.py", "└ declared"]
    alone = str(whence.runs("name = 'declared'", store=tmp_path))
    assert "declared (in script.py)" in alone


def test_trace_and_show_name_both(tmp_path: Path, ids: tuple[str, str]) -> None:
    outer, inner = ids
    made_by = str(whence.trace(tmp_path / "out.bin", store=tmp_path)).splitlines()[1]
    assert made_by.startswith(
        f"└─ made by run declared {short_id(inner)} in run script.py {short_id(outer)}"
    )
    shown = str(whence.show(outer, store=tmp_path))
    assert f"runs in it   run declared {short_id(inner)}" in shown
    assert f"part of run script.py {short_id(outer)}" in str(whence.show(inner, store=tmp_path))


def test_gaps_of_the_runs_listed_and_of_what_made_a_verified_file_are_told(
    tmp_path: Path, ids: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    completeness = whence.runs(store=tmp_path).completeness
    assert not completeness.complete
    assert [(gap.code, gap.subject, gap.count) for gap in completeness.gaps] == [
        ("child-unreached", ids[0], 1)
    ]
    assert whence.runs("name = 'none'", store=tmp_path).completeness.complete
    for words in (["log"], ["verify", str(tmp_path / "out.bin")], ["verify", "--all"]):
        assert main(["--store", str(tmp_path / ".whence"), *words]) == 0
        assert "child-unreached" in capsys.readouterr().out
