"""What each command prints, and how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.unit.cli.conftest import Project, Result
from whence.model.relation import Relation

Whence = Callable[..., Result]


def test_log_lists_runs_newest_first_with_what_went_in_and_out(
    project: Project, whence: Whence
) -> None:
    result = whence("log")
    assert result.code == 0
    heading, *rows = [line.split() for line in result.lines]
    assert heading == ["id", "name", "status", "time", "commit", "in", "out"]
    assert [(row[1], row[2], row[5:]) for row in rows] == [
        ("eval.py", "failed", ["model.bin"]),
        ("train.py", "finished", ["clean.csv", "model.bin"]),
        ("train.py", "finished", ["clean.csv", "model.bin"]),
        ("prepare.py", "finished", ["raw.csv", "clean.csv"]),
    ]


def test_the_id_that_log_shows_names_that_run_and_no_other(
    project: Project, whence: Whence
) -> None:
    shown = [line.split()[0] for line in whence("log").lines[1:]]
    found = [whence("show", one, "--json").json["nodes"][0]["id"] for one in shown]
    assert found == [project.failed, project.again, project.train, project.prepare]


def test_log_takes_a_filter_an_order_and_more_columns(project: Project, whence: Whence) -> None:
    best = whence(
        "log", "--filter", "metrics.acc >= 0.8", "--order-by", "metrics.acc asc",
        "--show", "params.lr", "--show", "metrics.acc",
    )  # fmt: skip
    assert [line.split()[5:7] for line in best.lines[1:]] == [["0.1", "0.8"], ["0.2", "0.9"]]
    assert whence("log", "--filter", "params.lr = 7").lines == ["no run fits"]


def test_a_limit_is_said(project: Project, whence: Whence) -> None:
    assert whence("log", "-n", "2").lines[-1].startswith("the newest 2; --limit N shows more")
    answer = whence("log", "-n", "2", "--json").json
    assert answer["completeness"] == {
        "complete": False,
        "truncated": [{"limit": "limit", "value": 2, "frontier": []}],
        "gaps": [],
    }
    assert whence("log", "-n", "0").lines[-1].split()[1] == "prepare.py"


def test_trace_draws_a_tree_up_to_what_was_found(project: Project, whence: Whence) -> None:
    result = whence("trace", "model.bin")
    assert result.code == 0
    assert result.shape == [
        "model.bin  model  <digest>  150 B",
        "└─ made by run train.py <id>  finished  <time>  <took>  $ python train.py",
        "   └─ data",
        "      └─ clean.csv  <digest>  164 B",
        "         └─ made by run prepare.py <id>  finished  <time>  <took>  $ python prepare.py",
        "            └─ data",
        "               └─ raw.csv  <digest>  204 B  found",
        "",
        "1 other version at this place; --all-versions shows its past too",
        "complete: 2 files and 2 runs upstream, nothing is missing",
    ]
    assert project.again[:13] in result.lines[1]


def test_trace_of_all_versions_shows_both_pasts(project: Project, whence: Whence) -> None:
    current = whence("trace", "model.bin", "--json").json
    everything = whence("trace", "model.bin", "--all-versions", "--json").json
    runs = [{n["id"] for n in a["nodes"] if n["kind"] == "run"} for a in (current, everything)]
    assert runs == [
        {project.again, project.prepare},
        {project.again, project.train, project.prepare},
    ]
    assert len(current["query"]["other_versions"]) == 1


def test_a_shared_part_is_drawn_once_and_referred_to(project: Project, whence: Whence) -> None:
    lines = whence("trace", "model.bin", "--all-versions").lines
    assert sum("made by run prepare.py" in line for line in lines) == 1
    assert sum(line.endswith("clean.csv  ↑ see above") for line in lines) == 1


def test_impact_goes_down_to_the_failed_run(project: Project, whence: Whence) -> None:
    result = whence("impact", "raw.csv")
    assert result.shape == [
        "raw.csv  <digest>  204 B",
        "└─ used by run prepare.py <id>  finished  <time>  <took>  $ python prepare.py",
        "   └─ made clean.csv  <digest>  164 B",
        "      ├─ used by run train.py <id>  finished  <time>  <took>  $ python train.py",
        "      │  └─ made model.bin  model  <digest>  150 B",
        "      └─ used by run train.py <id>  finished  <time>  <took>  $ python train.py",
        "         └─ made model.bin  model  <digest>  150 B",
        "            └─ used by run eval.py <id>  failed  <time>  <took>",
        "",
        "complete: 3 files and 4 runs downstream, nothing is missing",
    ]


def test_a_depth_cuts_and_says_so(project: Project, whence: Whence) -> None:
    result = whence("trace", "model.bin", "--depth", "1")
    assert result.lines[-2:] == [
        "not complete: 0 files and 1 run upstream",
        "  cut at max_depth 1 as asked; 1 branch not followed",
    ]
    deeper = whence("trace", "model.bin", "--depth", "2")
    assert [line.strip() for line in deeper.shape if "clean.csv" in line] == [
        "└─ clean.csv  <digest>  164 B"
    ]


def test_why_finds_the_way_in_either_order(project: Project, whence: Whence) -> None:
    forward = whence("why", "raw.csv", "model.bin")
    assert forward.code == 0
    assert whence("why", "model.bin", "raw.csv").out == forward.out
    assert [word in forward.out for word in ("raw.csv", "prepare.py", "clean.csv", "train.py")] == [
        True
    ] * 4


def test_why_without_a_way_says_so_and_ends_with_1(project: Project, whence: Whence) -> None:
    assert whence("why", project.train, project.failed)[:2] == (
        1,
        f"Nothing recorded leads from {project.train} to {project.failed} or back\n",
    )


def test_show_tells_of_a_run(project: Project, whence: Whence) -> None:
    answer = whence("show", project.again, "--json").json
    assert answer["status"] == "finished"
    assert answer["params"] == {"lr": 0.2, "seed": 1}
    assert answer["metrics"] == {
        "acc": {"count": 2, "first": 0.5, "last": 0.9, "min": 0.5, "max": 0.9}
    }
    text = whence("show", project.again).out
    for line in ("run train.py  finished", "$ python train.py", "lr = 0.2", "acc = 0.9"):
        assert line in text


def test_show_tells_of_a_file_who_made_and_who_used_it(project: Project, whence: Whence) -> None:
    lines = whence("show", "clean.csv").lines
    assert lines[0] == "file clean.csv  164 B"
    assert [line.split()[:3] for line in lines if "made by" in line] == [["made", "by", "run"]]
    assert sum("run train.py" in line for line in lines) == 2


def test_diff_says_what_differs_and_what_does_not(project: Project, whence: Whence) -> None:
    answer = whence("diff", project.train, project.again, "--json").json
    sections = {section["name"]: section for section in answer["sections"]}
    assert sections["parameters"] == {
        "name": "parameters",
        "differences": [{"key": "lr", "change": "changed", "left": 0.1, "right": 0.2, "text": []}],
        "same": {"seed": 1},
    }
    assert list(sections["inputs"]["same"]) == ["clean.csv"]
    assert [one["key"] for one in sections["outputs"]["differences"]] == ["model.bin"]
    text = whence("diff", project.train, project.again).out
    assert "  lr  0.1 → 0.2" in text.splitlines()
    assert "inputs  the same: clean.csv" in text.splitlines()


def test_diff_takes_a_file_for_the_run_that_made_it(project: Project, whence: Whence) -> None:
    answer = whence("diff", "clean.csv", "model.bin", "--json").json
    assert [node["id"] for node in answer["nodes"]] == [project.prepare, project.again]


def test_verify_says_same_changed_or_missing(project: Project, whence: Whence) -> None:
    same = whence("verify", "model.bin")
    assert (same.code, same.out.split()[:2]) == (0, ["same", "model.bin"])
    (project.root / "model.bin").write_bytes(b"other" * 20)
    (project.root / "raw.csv").unlink()
    assert (whence("verify", "model.bin").code, whence("verify", "raw.csv").code) == (3, 3)
    with_inputs = whence("verify", "model.bin", "--inputs")
    assert [line.split()[:2] for line in with_inputs.lines] == [
        ["changed", "model.bin"],
        ["missing", "raw.csv"],
        ["same", "clean.csv"],
        ["1", "same,"],
    ]
    assert whence("verify", "--all").lines[-1] == "1 same, 1 changed, 1 missing"


def test_verify_recognises_an_earlier_version(project: Project, whence: Whence) -> None:
    (project.root / "model.bin").write_bytes(b"one" * 50)
    (check,) = whence("verify", "model.bin", "--json").json["checks"]
    assert (check["state"], check["note"]) == (
        "changed",
        "it is another version recorded at this place",
    )


def test_status_counts_what_the_store_holds(project: Project, whence: Whence) -> None:
    answer = whence("status", "--json").json
    assert answer["store"]["path"] == str(project.root / ".whence")
    assert answer["store"]["counts"]["runs"] == 4
    assert (answer["store"]["open_segments"], answer["store"]["unindexed"]) == (4, 0)
    assert "gaps       none" in whence("status").lines


def test_gaps_are_summed_by_code_and_make_an_answer_incomplete(
    project: Project, whence: Whence
) -> None:
    with project.journal.run("leaky.py") as run:
        run.read(project.root / "clean.csv")
        run.write(project.root / "leak.bin", b"x" * 99)
        run.gap("child-unreached", count=2)
        run.gap("child-unreached", count=1)
    assert "      3 × a child Python process could not be watched  child-unreached" in (
        whence("status").lines
    )
    assert whence("trace", "leak.bin").lines[-2] == "not complete: 2 files and 2 runs upstream"


def test_search_finds_by_words(project: Project, whence: Whence) -> None:
    found = whence("search", "model", "--json").json
    assert {node["name"] for node in found["nodes"]} >= {"model.bin"}
    assert whence("search", "nowhere-to-be-found")[:2] == (
        1,
        "Nothing recorded has the text 'nowhere-to-be-found'\n",
    )


def test_search_says_what_its_limit_left_out(project: Project, whence: Whence) -> None:
    cut = whence("search", "model", "--limit", "1", "--json").json
    assert (len(cut["nodes"]), cut["completeness"]) == (
        1,
        {
            "complete": False,
            "truncated": [{"limit": "limit", "value": 1, "frontier": []}],
            "gaps": [],
        },
    )
    assert whence("search", "model", "--limit", "1").lines[1:] == [
        "the best 1; --limit N shows more"
    ]
    assert whence("search", "model", "--json").json["completeness"]["complete"]


def test_reindex_builds_an_equal_index(project: Project, whence: Whence) -> None:
    before = whence("trace", "model.bin", "--json").json
    assert whence("reindex").code == 0
    assert whence("trace", "model.bin", "--json").json == before


def test_what_is_not_known_ends_with_1_and_wrong_use_with_2(
    project: Project, whence: Whence
) -> None:
    assert whence("trace", "nothing.bin") == (
        1,
        "",
        "whence: Nothing is recorded of nothing.bin: no such path, id, digest or name is known\n",
    )
    for wrong in (
        ["trase", "x"],
        ["trace"],
        ["log", "--limt", "3"],
        ["log", "--filter", "params.a >"],
        ["verify", "--all", "--inputs"],
    ):
        code, out, err = whence(*wrong)
        assert (code, out, err.count("\n")) == (2, "", 1), wrong
    assert "did you mean 'trace'?" in whence("trase", "x").err


def test_a_digest_that_is_too_short_is_not_called_unknown(project: Project, whence: Whence) -> None:
    digest = whence("show", "model.bin", "--json").json["nodes"][0]["digest"]
    short, enough = digest[: len("sha256:") + 5], digest[: len("sha256:") + 6]
    assert whence("show", short) == (
        1,
        "",
        f"whence: {short} is too short a start; give 6 digits or more\n",
    )
    assert whence("show", enough).code == 0


def test_without_a_store_the_way_to_one_is_named(
    tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch, whence: Whence
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = whence("log")
    assert (code, out) == (2, "")
    assert err.endswith("Record a run first: whence run SCRIPT\n")


def test_an_ambiguous_name_lists_what_it_fits(project: Project, whence: Whence) -> None:
    code, _, err = whence("diff", "train.py", project.prepare)
    assert code == 2
    assert err.splitlines()[0] == "whence: 'train.py' fits several things; name one by its id:"
    assert [line.split()[0] for line in err.splitlines()[1:]] == [project.again, project.train]


@pytest.mark.parametrize(
    "command",
    [
        ("log",), ("log", "--filter", "status = 'failed'"), ("show", "{again}"),
        ("show", "model.bin"), ("trace", "model.bin"), ("impact", "raw.csv"),
        ("why", "raw.csv", "model.bin"), ("diff", "{train}", "{again}"), ("verify", "--all"),
        ("verify", "model.bin"), ("search", "csv"), ("status",),
        ("trace", "model.bin", "--depth", "1"), ("trace", "."),
    ],
)  # fmt: skip
def test_json_answers_keep_to_the_schema(
    project: Project, whence: Whence, validator: Draft202012Validator, command: tuple[str, ...]
) -> None:
    spelled = [word.format(**project._asdict()) for word in command]
    answer = whence(*spelled, "--json").json
    assert [error.message for error in validator.iter_errors(answer)] == []
    assert set(answer) >= {"query", "nodes", "edges", "completeness"}


def test_the_schema_knows_every_relation(whence: Whence) -> None:
    schema = json.loads(whence("schema").out)
    shown = {r.term for r in Relation} - {Relation.HAS_PART.term}
    assert set(schema["$defs"]["edge"]["properties"]["relation"]["enum"]) == shown


def test_every_command_has_an_example_in_its_help(whence: Whence) -> None:
    from whence.cli.app import COMMANDS, HIDDEN

    assert whence("--help").code == 0
    for name in COMMANDS:
        text = whence(name, "--help").out
        assert "Example" in text, name
        assert f"whence {name}" in text, name
        assert (f"\n  {name} " in whence("--help").out) == (name not in HIDDEN)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_printed(whence: Whence, shell: str) -> None:
    assert "_WHENCE_COMPLETE" in whence("completions", shell).out


def test_store_is_named_before_or_after_the_command(
    project: Project, whence: Whence, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    expected = whence("log").out
    monkeypatch.chdir("/")
    assert whence("log").code == 2
    assert whence("--store", str(project.root), "log").out == expected
    assert whence("log", "--store", str(project.root / ".whence")).out == expected
    monkeypatch.setenv("WHENCE_HOME", str(project.root))
    assert whence("log").out == expected
