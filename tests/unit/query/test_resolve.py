"""What a text names: paths, digests, ids and names, as they are on disk and in the record."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.journal import JournalBuilder, RunJournal
from whence._base.errors import AmbiguousError, NotKnownError, UsageError
from whence._base.ids import format_id
from whence.capture.file.filesystem import FileSystems
from whence.service.disk import NoDisk
from whence.service.questions import Questions, open_questions

LONG = b"0.123456789\n" * 20


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    device = tmp_path.stat().st_dev
    return JournalBuilder(tmp_path, filesystem=FileSystems().id_of(device, str(tmp_path)))


@pytest.fixture
def ask(journal: JournalBuilder) -> Iterator[Callable[..., Questions]]:
    """Opens the store, with all that the journal holds by then, as asked from a folder."""
    with ExitStack() as stack:
        yield lambda cwd=None: stack.enter_context(
            open_questions(journal.store, cwd or journal.root)
        )


@pytest.fixture
def remote(
    journal: JournalBuilder,
) -> Iterator[Callable[[], Questions]]:
    """As `ask`, asked by a server, whose own files are nobody's question."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_questions(journal.store, "/", disk=NoDisk()))


def wrote(journal: JournalBuilder, name: str, data: bytes = LONG) -> tuple[RunJournal, str]:
    with journal.run("maker") as run:
        made = run.write(journal.root / name, data)
    return run, format_id(made)


def subject(asked: Questions, thing: str | bytes | Path) -> tuple[str, str, str]:
    answer = asked.trace(thing)
    return answer.nodes[0].id, answer.query["found_by"], answer.query.get("on_disk", "")


def test_a_path_is_relative_to_where_one_stands_or_to_the_project_or_absolute(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, made = wrote(journal, "models/m.bin")
    expected = (made, "stamp", "same")
    assert subject(ask(), "models/m.bin") == expected
    assert subject(ask(), "./models/../models/m.bin") == expected
    assert subject(ask(journal.root / "models"), "m.bin") == expected
    assert subject(ask(journal.root / "models"), "models/m.bin") == expected
    assert subject(ask("/"), journal.root / "models" / "m.bin") == expected


def test_a_link_leads_to_what_it_points_to(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, made = wrote(journal, "real.bin")
    (journal.root / "link.bin").symlink_to("real.bin")
    assert subject(ask(), "link.bin") == (made, "stamp", "same")


def test_a_file_that_was_touched_is_recognised_by_its_digest(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, made = wrote(journal, "m.bin")
    os.utime(journal.root / "m.bin", (1, 1))
    assert subject(ask(), "m.bin") == (made, "digest", "same")


@pytest.mark.parametrize("change", [shutil.copy, shutil.move])
def test_a_file_that_was_copied_or_moved_is_found_by_its_bytes(
    journal: JournalBuilder, ask: Callable[..., Questions], change: Callable[[Path, Path], None]
) -> None:
    _, made = wrote(journal, "m.bin")
    change(journal.root / "m.bin", journal.root / "elsewhere.bin")
    found = subject(ask(), "elsewhere.bin")
    assert found[0] == made
    assert found[1] in ("content", "stamp")


def test_bytes_known_at_several_places_stand_for_all_of_them(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    one, two = wrote(journal, "one.bin"), wrote(journal, "two.bin")
    shutil.copy(journal.root / "one.bin", journal.root / "three.bin")
    answer = ask().trace("three.bin")
    assert (answer.nodes[0].kind, answer.query["found_by"]) == ("content", "content")
    assert {n.id for n in answer.nodes} >= {
        one[1],
        two[1],
        format_id(one[0].id),
        format_id(two[0].id),
    }


def test_equal_small_outputs_of_unrelated_runs_stay_apart(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    first, made = wrote(journal, "a/score.txt", b"0.95")
    second, _ = wrote(journal, "b/score.txt", b"0.95")
    ids = {node.id for node in ask().trace("a/score.txt").nodes}
    assert ids == {made, format_id(first.id)}
    assert format_id(second.id) not in ids


def test_a_file_that_changed_or_went_is_found_by_what_was_recorded_there(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, made = wrote(journal, "m.bin")
    (journal.root / "m.bin").write_bytes(b"edited by hand" * 9)
    assert subject(ask(), "m.bin") == (made, "path", "changed")
    (journal.root / "m.bin").unlink()
    assert subject(ask(), "m.bin") == (made, "path", "missing")


def test_a_file_written_twice_keeps_both_its_pasts(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    first, old = wrote(journal, "m.bin")
    second, new = wrote(journal, "m.bin", LONG * 2)
    answer = ask().trace("m.bin")
    assert [node.id for node in answer.nodes] == [new, format_id(second.id)]
    assert [version["id"] for version in answer.query["other_versions"]] == [old]
    (journal.root / "m.bin").write_bytes(LONG)
    assert subject(ask(), "m.bin") == (old, "digest", "same")
    assert {node.id for node in ask().trace("m.bin", all_versions=True).nodes} == {
        old, new, format_id(first.id), format_id(second.id),
    }  # fmt: skip


def test_a_path_that_is_not_utf_8_is_a_path_like_any_other(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    name = b"caf\xe9\xff.bin"
    with journal.run("maker") as run:
        made = run.write(os.fsencode(journal.root) + b"/" + name, LONG)
    assert subject(ask(), name) == (format_id(made), "stamp", "same")
    answer = ask().trace(os.fsdecode(name))
    assert answer.nodes[0].id == format_id(made)
    assert answer.nodes[0].places == [f"{journal.root}/caf\\xe9\\xff.bin"]


def test_a_digest_or_its_unique_start_names_what_has_those_bytes(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, made = wrote(journal, "m.bin")
    digest = ask().trace("m.bin").nodes[0].digest
    assert digest is not None
    for text in (digest, digest[:17], digest[7:], digest[7:13], digest[7:].upper()):
        answer = ask().trace(text)
        assert (answer.nodes[0].id, answer.query["found_by"]) == (made, "id"), text


def test_a_run_is_named_by_its_id_its_start_or_its_name(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    run, _ = wrote(journal, "m.bin")
    text = format_id(run.id)
    for name in (text, text.replace("-", ""), text[:13], text[:8], text[:20].upper(), "maker"):
        assert ask().show(name).nodes[0].id == text, name


def test_a_start_that_fits_a_run_and_its_files_names_the_run(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    run, made = wrote(journal, "m.bin")
    assert made[:6] == format_id(run.id)[:6]
    assert ask().show(made[:6]).nodes[0].id == format_id(run.id)


def test_what_fits_several_things_is_listed(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    ids = [format_id(wrote(journal, f"{n}.bin", LONG * n)[0].id) for n in (1, 2)]
    with pytest.raises(AmbiguousError) as caught:
        ask().show("maker")
    first, *listed = str(caught.value).splitlines()
    assert first == "'maker' fits several things; name one by its id:"
    assert sorted(line.split()[0] for line in listed) == sorted(ids)


def test_a_folder_stands_for_its_recorded_files_also_changed_ones_and_those_moved_along(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    _, first = wrote(journal, "kept/a.bin", LONG)
    _, second = wrote(journal, "kept/deep/b.bin", LONG + LONG)
    (journal.root / "kept" / "never.txt").write_text("recorded by nobody")
    answer = ask().trace("kept")
    assert answer.query["found_by"] == "folder"
    assert answer.query["subjects"] == [first, second]
    (journal.root / "kept" / "a.bin").write_bytes(b"changed since")
    os.rename(journal.root / "kept" / "deep", journal.root / "kept" / "renamed")
    answer = ask().trace("kept")
    assert answer.query["subjects"] == [first, second]
    assert [(Path(one["path"]).name, one["on_disk"]) for one in answer.query["files"]] == [
        ("a.bin", "changed"), ("b.bin", "same"),
    ]  # fmt: skip


def test_why_between_folders_begins_at_every_file_that_a_way_leads_to(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    wrote(journal, "in/a.bin")
    with journal.run("copies") as run:
        run.read(journal.root / "in" / "a.bin")
        made = [run.write(journal.root / "out" / name, LONG + LONG) for name in ("x", "y")]
    wrote(journal, "out/unrelated", LONG * 3)
    for thing in ("in", "in/", "in/a.bin"):
        answer = ask().why(thing, "out")
        assert answer.query["subjects"] == [format_id(one) for one in made]


def test_a_folder_without_a_recorded_file_is_called_one(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    (journal.root / "empty").mkdir()
    with pytest.raises(NotKnownError, match="empty is a folder"):
        ask().trace("empty")
    with pytest.raises(NotKnownError, match="empty is a folder"):
        ask().show("empty")


def test_what_is_not_known_says_what_was_tried(
    journal: JournalBuilder, ask: Callable[..., Questions]
) -> None:
    wrote(journal, "m.bin")
    (journal.root / "stranger.bin").write_bytes(b"never seen" * 20)
    for text, said in (
        ("stranger.bin", "no run read or wrote that file or the same bytes"),
        ("nothing.bin", "no such path, id, digest or name is known"),
        ("sha256:" + "0" * 64, "No content has the digest"),
        ("a\x1b[31mred\n", r"of a\x1b[31mred\n:"),
        ("\0", "no such path"),
        ("", "An empty text names nothing"),
    ):
        with pytest.raises(NotKnownError) as caught:
            ask().trace(text)
        assert said in str(caught.value)


def test_without_a_disk_a_path_is_what_was_recorded_never_what_is_there_now(
    journal: JournalBuilder, remote: Callable[[], Questions]
) -> None:
    run, made = wrote(journal, "models/m.bin")
    (journal.root / "link.bin").symlink_to("models/m.bin")
    recorded = (made, "path", "")
    here = str(journal.root)
    for text in (
        f"{here}/models/m.bin",
        f"{here}/models/../models/m.bin",
        "m.bin",
        "./models/m.bin",
        "other/../models/m.bin",
        f"{journal.root.name}/models/m.bin",
    ):
        assert subject(remote(), text) == recorded, text
    assert subject(remote(), "models/m.bin") == (made, "name", "")
    assert subject(remote(), "maker") == (format_id(run.id), "name", "")
    digest = remote().trace("m.bin").nodes[0].digest
    assert digest is not None
    assert subject(remote(), digest[:17]) == (made, "id", "")


def test_without_a_disk_nothing_is_resolved_against_the_machine(
    journal: JournalBuilder, remote: Callable[[], Questions], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = wrote(journal, "models/m.bin")
    (journal.root / "link.bin").symlink_to("models/m.bin")
    shutil.copy(journal.root / "models" / "m.bin", journal.root / "copy.bin")
    monkeypatch.chdir(journal.root / "models")
    for text in (
        "link.bin", f"{journal.root}/link.bin", "copy.bin", "../models/m.bin", "odels/m.bin",
        "models", "models/", f"{journal.root}/models", ".", "..", "/", "a\0b", "/a\0b",
    ):  # fmt: skip
        with pytest.raises(NotKnownError, match=r"no such path, id, digest or name is known"):
            remote().trace(text)
    (journal.root / "models" / "m.bin").write_bytes(b"edited by hand" * 9)
    assert subject(remote(), f"{journal.root}/models/m.bin") == (made, "path", "")


def test_without_a_disk_a_path_that_ends_several_places_is_ambiguous(
    journal: JournalBuilder, remote: Callable[[], Questions]
) -> None:
    made = [wrote(journal, f"{folder}/m.bin", LONG + folder.encode())[1] for folder in "ab"]
    with pytest.raises(AmbiguousError) as caught:
        remote().trace("m.bin")
    first, *listed = str(caught.value).splitlines()
    assert first == "'m.bin' fits several things; name one by its id:"
    assert sorted(line.split()[0] for line in listed) == sorted(made)
    assert subject(remote(), "b/m.bin")[0] == made[1]


def test_without_a_disk_no_script_is_read_and_no_file_compared(
    journal: JournalBuilder, remote: Callable[[], Questions]
) -> None:
    script = journal.root / "train.py"
    script.write_text("import pandas as pd\n")
    for thing in ("train.py", str(script)):
        with pytest.raises(UsageError, match="A script is read where it lies"):
            remote().flow(thing)
    with journal.run("named.py") as run:
        pass
    assert remote().flow("named.py").query["run"] == format_id(run.id)
    with pytest.raises(UsageError, match="Files are compared where they lie"):
        remote().verify()
