"""Is it true? Which version of a file came from which run, by exact sets, from the outside.

Each fixture records a few runs once; each test asks and knows the whole answer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.truth import (
    Project,
    alike,
    facts,
    gaps_of,
    made,
    names_of,
    revised,
    shared,
    used,
    version,
)

COPY = """
import sys
source, target = sys.argv[1:3]
with open(source) as file:
    text = file.read()
with open(target, "w") as file:
    file.write("from " + text)
"""
LARGE = "a line of a larger file\n" * 40
SCORE = "0.95"


def build_twins(project: Project) -> None:
    """Two unrelated runs that write the same; readers of one, of copies, and of the score."""
    write = f"""
        import sys
        for name in sys.argv[1:]:
            open("score_" + name, "w").write({SCORE!r})
            open("large_" + name, "w").write({LARGE!r})
    """
    project.run("left.py", write, "left.txt")
    project.shell("cp large_left.txt early.txt")
    project.run("before.py", COPY, "early.txt", "before.out")
    project.run("right.py", write, "right.txt")
    project.run("reads_left.py", COPY, "large_left.txt", "left.out")
    project.shell("cp large_left.txt copied.txt; cp score_left.txt copied_score.txt")
    project.run("after.py", COPY, "copied.txt", "after.out")
    project.run("scores.py", COPY, "copied_score.txt", "score.out")


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "twins", build_twins)


def test_runs_that_write_the_same_bytes_are_not_each_others_history(twins: Project) -> None:
    assert twins.trace("score_left.txt") == made("left", "score_left.txt")
    assert twins.trace("score_right.txt") == made("right", "score_right.txt")
    assert twins.trace("large_right.txt") == made("right", "large_right.txt")
    assert twins.trace("left.out") == (
        made("reads_left", "left.out")
        | used("reads_left", "large_left.txt")
        | made("left", "large_left.txt")
    )
    answer = twins.json("trace", "left.out")
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_a_copy_may_come_from_each_run_that_wrote_these_bytes(twins: Project) -> None:
    answer = twins.json("trace", "after.out")
    assert facts(answer) == (
        made("after", "after.out")
        | used("after", "copied.txt")
        | alike("copied.txt", "large_left.txt", "large_right.txt", "early.txt")
        | alike("early.txt", "large_left.txt")
        | made("left", "large_left.txt")
        | made("right", "large_right.txt")
    )
    assert gaps_of(answer) == {"inferred-by-content": 3}
    assert answer["completeness"]["complete"] is False


def test_what_was_written_later_is_no_origin(twins: Project) -> None:
    assert twins.trace("before.out") == (
        made("before", "before.out")
        | used("before", "early.txt")
        | alike("early.txt", "large_left.txt")
        | made("left", "large_left.txt")
    )


def test_content_below_64_bytes_is_never_followed(twins: Project) -> None:
    assert twins.trace("score.out") == made("scores", "score.out") | used(
        "scores", "copied_score.txt"
    )


def test_what_came_of_a_file_counts_its_copies_and_nothing_earlier(twins: Project) -> None:
    after = made("after", "after.out") | used("after", "copied.txt")
    assert twins.impact("large_left.txt") == (
        used("reads_left", "large_left.txt")
        | made("reads_left", "left.out")
        | alike("early.txt", "large_left.txt")
        | used("before", "early.txt")
        | made("before", "before.out")
        | alike("copied.txt", "large_left.txt", "early.txt")
        | after
    )
    gaps = gaps_of(twins.json("impact", "large_left.txt"))
    assert gaps == {"inferred-by-content": 2}
    assert twins.impact("large_right.txt") == alike("copied.txt", "large_right.txt") | after
    assert twins.impact("score_left.txt") == set()


def build_rewritten(project: Project) -> None:
    """One path that several runs write, with readers in between."""
    write = 'import sys; open(sys.argv[1], "w").write(sys.argv[2] * 100)'
    project.run("one.py", write, "out.txt", "1")
    project.run("reads_one.py", COPY, "out.txt", "of_one.txt")
    project.run("two.py", write, "out.txt", "2")
    project.run("reads_two.py", COPY, "out.txt", "of_two.txt")
    project.run("first.py", write, "same.txt", "s")
    project.run("reads_first.py", COPY, "same.txt", "of_first.txt")
    project.run("second.py", write, "same.txt", "s")
    project.run("reads_second.py", COPY, "same.txt", "of_second.txt")


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "rewritten", build_rewritten)


def test_an_overwritten_file_keeps_both_its_pasts(rewritten: Project) -> None:
    old, new = version("out.txt", "1" * 100), version("out.txt", "2" * 100)
    assert rewritten.trace("out.txt") == made("two", "out.txt")
    assert rewritten.trace("out.txt", "--all-versions") == made("one", old) | made("two", new)
    digest = rewritten.json("trace", "of_one.txt")["nodes"]
    (first,) = [node["digest"] for node in digest if node["name"] == "out.txt"]
    assert rewritten.trace(first) == made("one", "out.txt")
    assert rewritten.trace(first[: len("sha256:") + 8]) == made("one", "out.txt")
    assert rewritten.impact(first) == (
        used("reads_one", "out.txt") | made("reads_one", "of_one.txt")
    )


def test_readers_before_and_after_an_overwriting_are_kept_apart(rewritten: Project) -> None:
    assert rewritten.trace("of_one.txt") == (
        made("reads_one", "of_one.txt") | used("reads_one", "out.txt") | made("one", "out.txt")
    )
    assert rewritten.trace("of_two.txt") == (
        made("reads_two", "of_two.txt") | used("reads_two", "out.txt") | made("two", "out.txt")
    )


def test_the_same_bytes_written_again_are_another_version(rewritten: Project) -> None:
    assert rewritten.trace("of_first.txt") == (
        made("reads_first", "of_first.txt")
        | used("reads_first", "same.txt")
        | made("first", "same.txt")
    )
    assert rewritten.trace("of_second.txt") == (
        made("reads_second", "of_second.txt")
        | used("reads_second", "same.txt")
        | made("second", "same.txt")
    )


def build_modes(project: Project) -> None:
    """Every way of opening for writing, over files that other runs wrote."""
    project.write("found.log", "by hand\n" * 20)
    project.run(
        "base.py",
        """
        for name in ("a", "r+", "w+", "r+b unchanged"):
            with open(name + ".txt", "w") as file:
                file.write("base of " + name + "\\n" * 80)
        """,
    )
    project.run(
        "changes.py",
        """
        with open("a.txt", "a") as file:
            file.write("appended")
        with open("r+.txt", "r+") as file:
            file.seek(0); file.write("BASE")
        with open("w+.txt", "w+") as file:
            file.write("other" * 20); file.seek(0); file.read()
        with open("r+b unchanged.txt", "r+b") as file:
            file.read()
        with open("x.txt", "x") as file:
            file.write("x" * 80)
        with open("new.log", "a") as file:
            file.write("first line\\n" * 10)
        with open("found.log", "a") as file:
            file.write("by a run\\n")
        """,
    )


@pytest.fixture(scope="module")
def modes(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "modes", build_modes)


def test_appending_revises_what_was_there(modes: Project) -> None:
    raw = (modes.root / "a.txt").read_bytes()
    new, old = version("a.txt", raw), version("a.txt", raw.removesuffix(b"appended"))
    assert made("base", old) | made("changes", new) | revised(new, old) <= modes.trace("a.txt")
    assert not {fact for fact in modes.trace("a.txt") if fact[:3] == ("changes", "used", old)}


def test_updating_in_place_uses_and_revises(modes: Project) -> None:
    raw = (modes.root / "r+.txt").read_bytes()
    new, old = version("r+.txt", raw), version("r+.txt", raw.replace(b"BASE", b"base"))
    expected = made("base", old) | made("changes", new) | revised(new, old) | used("changes", old)
    assert expected <= modes.trace("r+.txt")


def test_truncating_to_read_and_write_leaves_the_old_past_behind(modes: Project) -> None:
    assert modes.trace("x.txt") == modes.trace("x.txt", "--all-versions")
    of_w = {fact for fact in modes.trace("w+.txt") if "w+.txt" in (fact[0], fact[2])}
    assert of_w == made("changes", "w+.txt")
    all_of_w = {f for f in modes.trace("w+.txt", "--all-versions") if f[0].startswith("w+.txt")}
    assert {fact[2] for fact in all_of_w} == {"base", "changes"}


def test_appending_to_what_nobody_wrote_revises_a_found_version(modes: Project) -> None:
    raw = (modes.root / "found.log").read_bytes()
    mine = {fact for fact in modes.trace("found.log") if "found.log" in fact[0] + fact[2]}
    new, old = version("found.log", raw), "found.log"  # which was gone before it could be hashed
    assert mine == made("changes", new) | revised(new, old)
    assert gaps_of(modes.json("trace", "found.log"))["changed-before-hashed"] >= 1


def test_appending_to_a_new_file_is_plain_writing(modes: Project) -> None:
    mine = {fact for fact in modes.trace("new.log") if "new.log" in fact[0] + fact[2]}
    assert mine == made("changes", "new.log")
    mine = {fact for fact in modes.trace("x.txt") if "x.txt" in fact[0] + fact[2]}
    assert mine == made("changes", "x.txt")


def test_opening_to_update_without_change_makes_no_new_bytes(modes: Project) -> None:
    answer = modes.json("trace", "r+b unchanged.txt", "--all-versions")
    digests = {n["digest"] for n in answer["nodes"] if n["name"] == "r+b unchanged.txt"}
    assert len(digests) == 1


def build_within(project: Project) -> None:
    """What one run writes, reads, overwrites and removes."""
    project.write("in.txt", "old input\n" * 10)
    project.run(
        "busy.py",
        """
        import os
        text = open("in.txt").read()
        open("in.txt", "w").write("new input\\n" * 10)
        open("middle.txt", "w").write(text + "middle")
        middle = open("middle.txt").read()
        open("end.txt", "w").write(middle + "end")
        open("scratch.txt", "w").write("scratch" * 20)
        open("scratch.txt").read()
        os.remove("scratch.txt")
        """,
    )
    project.run("after.py", COPY, "in.txt", "of_new.txt")


@pytest.fixture(scope="module")
def within(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "within", build_within)


def test_a_run_reads_what_it_wrote_itself(within: Project) -> None:
    new = version("in.txt", "new input\n" * 10)
    answer = within.json("trace", "of_new.txt")
    known = version("in.txt", "old input\n" * 10)
    old = known if known in names_of(answer) else "in.txt"  # overwritten before it was hashed
    removed = {("scratch.txt", "wasInvalidatedBy", "busy", "observed")}
    assert within.trace("end.txt") == (
        removed |
        made("busy", "end.txt") | used("busy", "in.txt", "middle.txt", "scratch.txt")
        | made("busy", "middle.txt", "scratch.txt")
    )  # fmt: skip
    assert facts(answer) == (
        removed
        | made("after", "of_new.txt")
        | used("after", new)
        | made("busy", new)
        | used("busy", old, "middle.txt", "scratch.txt")
        | made("busy", "middle.txt", "scratch.txt")
    )


def test_a_removed_file_is_still_known(within: Project) -> None:
    answer = within.json("show", "scratch.txt")
    removed = {f for f in facts(answer) if f[1] == "wasInvalidatedBy"}
    assert removed == {("scratch.txt", "wasInvalidatedBy", "busy", "observed")}
    assert answer["query"]["on_disk"] == "missing"
    assert answer["nodes"][0]["digest"] is None or answer["nodes"][0]["attributes"]["size"] == 140


def build_edited(project: Project) -> None:
    """An input that is edited by hand, and one that is touched, between runs."""
    project.write("in.csv", "a,b\n1,2\n" * 10)
    project.write("calm.csv", "a,b\n3,4\n" * 10)
    project.run("one.py", COPY, "in.csv", "one.out")
    project.run("calm_one.py", COPY, "calm.csv", "calm_one.out")
    project.write("in.csv", "a,b\n1,9\n" * 10)
    project.shell("touch calm.csv")
    project.run("two.py", COPY, "in.csv", "two.out")
    project.run("calm_two.py", COPY, "calm.csv", "calm_two.out")
    project.run("writes.py", f'open("made.csv", "w").write({LARGE!r})')
    project.shell("touch made.csv")
    project.run("reads.py", COPY, "made.csv", "reads.out")


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "edited", build_edited)


def test_an_input_that_was_edited_is_another_version(edited: Project) -> None:
    for run, content in (("one", "a,b\n1,2\n" * 10), ("two", "a,b\n1,9\n" * 10)):
        answer = edited.json("trace", f"{run}.out")
        assert facts(answer) == made(run, f"{run}.out") | used(run, "in.csv")
        (node,) = [n for n in answer["nodes"] if n["name"] == "in.csv"]
        assert f"in.csv~{node['digest'][7:13]}" == version("in.csv", content)
    assert edited.impact("in.csv") == used("two", "in.csv") | made("two", "two.out")


def test_a_touched_input_is_the_same_bytes(edited: Project) -> None:
    answer = edited.json("impact", "calm.csv", "--all-versions")
    digests = {node["digest"] for node in answer["nodes"] if node["name"] == "calm.csv"}
    assert len(digests) == 1
    both = facts(answer)
    runs = {source for source, relation, _, _ in both if relation == "used"}
    assert runs == {"calm_one", "calm_two"}


def test_touching_what_a_run_wrote_does_not_hide_its_origin(edited: Project) -> None:
    assert edited.trace("reads.out") == (
        made("reads", "reads.out") | used("reads", "made.csv") | made("writes", "made.csv")
    )


def test_scripts_of_the_same_bytes_make_no_answer_incomplete(tmp_path: Path) -> None:
    """An origin found by equal bytes is a gap; that two scripts are equal finds no origin."""
    project = Project(tmp_path)
    for name in ("one.py", "two.py"):
        project.write(name, COPY)
    project.write("in.txt", "i" * 100)
    project.whence_run("one.py", "in.txt", "one.out")
    project.whence_run("two.py", "in.txt", "two.out")
    answer = project.json("trace", "two.out")
    assert facts(answer) == made("two.py", "two.out") | used("two.py", "in.txt")
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_an_answer_right_after_a_run_is_whole(tmp_path: Path) -> None:
    """Without any waiting for the companion: the run waits for the hashes of small files."""
    project = Project(tmp_path)
    project.write("in.txt", "i" * 100)
    project.script("now.py", COPY)
    project.shell(f"{sys.executable} -m whence run now.py in.txt out.txt")
    answer = project.json("trace", "out.txt")
    assert facts(answer) == made("now.py", "out.txt") | used("now.py", "in.txt")
    assert all(node["digest"] for node in answer["nodes"] if node["kind"] == "file")
