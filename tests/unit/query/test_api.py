"""What Python gets: typed answers that print as the command line does and turn into tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import whence
from tests.support.journal import JournalBuilder
from whence._base.ids import format_id


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JournalBuilder:
    monkeypatch.chdir(tmp_path)
    journal = JournalBuilder(tmp_path)
    (tmp_path / "in.csv").write_bytes(b"1,2\n" * 40)
    for lr in (0.1, 0.2):
        with journal.run("train") as run:
            run.params(lr=lr)
            run.tags(team="blue")
            run.read(tmp_path / "in.csv")
            run.write(tmp_path / "model.bin", str(lr).encode() * 40, kind="model")
            run.metric("acc", 1 - lr)
    return journal


def test_trace_and_impact_give_typed_nodes_and_edges(journal: JournalBuilder) -> None:
    lineage = whence.trace("model.bin")
    assert [(node.kind, node.name) for node in lineage.nodes] == [
        ("model", "model.bin"), ("run", "train"), ("file", "in.csv"),
    ]  # fmt: skip
    assert {(edge.relation, edge.known) for edge in lineage.edges} == {
        ("wasGeneratedBy", "observed"), ("used", "observed"),
    }  # fmt: skip
    assert lineage.completeness.complete
    assert [node.name for node in whence.impact(Path("in.csv")).nodes if node.kind == "model"] == [
        "model.bin",
        "model.bin",
    ]


def test_an_answer_prints_as_a_tree(journal: JournalBuilder) -> None:
    text = str(whence.trace("model.bin"))
    assert text.splitlines()[0].startswith("model.bin  model")
    assert text.splitlines()[-1] == "complete: 1 file and 1 run upstream, nothing is missing"
    assert whence.trace("model.bin")._repr_html_().startswith("<pre>model.bin")
    assert "train" in str(whence.runs())
    assert "lr  0.1 → 0.2" in str(whence.diff(*(n.id for n in reversed(whence.runs().nodes))))
    assert "acc = 0.8" in str(whence.show(whence.runs().nodes[0].id))


def test_why_joins_two_things_or_is_empty(journal: JournalBuilder) -> None:
    assert [node.name for node in whence.why("in.csv", "model.bin").nodes] == [
        "model.bin", "train", "in.csv",
    ]  # fmt: skip
    first, second = (node.id for node in whence.runs().nodes)
    assert whence.why(first, second).nodes == []


def test_runs_are_filtered_ordered_and_limited(journal: JournalBuilder) -> None:
    assert len(whence.runs()) == 2
    (best,) = whence.runs("params.lr > 0.15").nodes
    assert best.attributes["params"] == {"lr": 0.2}
    ordered = whence.runs(order_by=["metrics.acc desc"], limit=1)
    assert [node.attributes["metrics"] for node in ordered.nodes] == [{"acc": 0.9}]
    assert not ordered.completeness.complete
    with pytest.raises(whence.FilterError, match="Column 1: expected a field"):
        whence.runs("colour = 'red'")


def test_answers_become_tables(journal: JournalBuilder) -> None:
    runs = whence.runs(order_by="params.lr").to_pandas()
    assert list(runs["params.lr"]) == [0.1, 0.2]
    assert list(runs["metrics.acc"]) == [0.9, 0.8]
    assert list(runs["tags.team"]) == ["blue", "blue"]
    assert list(runs["status"]) == ["finished", "finished"]
    lineage = whence.trace("model.bin")
    assert list(lineage.to_pandas()["name"]) == ["model.bin", "train", "in.csv"]
    assert set(lineage.edges_to_pandas()["relation"]) == {"used", "wasGeneratedBy"}
    nothing = whence.runs("name = 'nobody'").to_pandas()
    assert (len(nothing), "run_id" in nothing.columns) == (0, True)
    first, second = whence.runs().nodes
    table = whence.diff(first.id, second.id).to_pandas()
    assert list(table[table["section"] == "parameters"]["key"]) == ["lr"]


def test_without_pandas_the_install_command_is_named(
    journal: JournalBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(whence.MissingExtraError, match=r"pip install 'whence\[pandas\]'"):
        whence.runs().to_pandas()


def test_a_store_is_found_from_below_or_named(
    journal: JournalBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(whence.StoreError):
        whence.runs()
    assert len(whence.runs(store=journal.root)) == 2
    (journal.root / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(journal.root / "deep" / "er")
    assert len(whence.runs()) == 2


def test_a_run_whose_process_is_gone_was_interrupted(tmp_path: Path) -> None:
    from whence._base.clock import boot_id

    journal = JournalBuilder(tmp_path)
    killed = journal.run("killed", pid=2**22 + 1, process_start=5, boot=boot_id())
    elsewhere = journal.run("elsewhere", boot="another-boot", host="another")
    for run in (killed, elsewhere):
        run.close()
    found = {node.name: node.attributes["status"] for node in whence.runs(store=tmp_path).nodes}
    assert found == {"killed": "interrupted", "elsewhere": "running"}
    for text, names in (
        ("status = 'interrupted'", {"killed"}),
        ("status = 'running'", {"elsewhere"}),
        ("status != 'running'", {"killed"}),
        ("not status = 'interrupted'", {"elsewhere"}),
        ("status in ('running', 'failed')", {"elsewhere"}),
        ("status like 'inter%' and name = 'killed'", {"killed"}),
    ):
        assert {node.name for node in whence.runs(text, store=tmp_path).nodes} == names, text
    sheet = whence.show(format_id(killed.id), store=tmp_path)
    assert sheet.status == "interrupted"


def test_importing_whence_loads_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import whence; "
        "print(len(set(sys.modules) - before), 'msgspec' in sys.modules, 'click' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, msgspec, click = out.stdout.split()
    assert (int(count) < 20, msgspec, click) == (True, "False", "False")


def test_every_public_name_can_be_had() -> None:
    assert all(hasattr(whence, name) for name in whence.__all__)
    assert set(whence.__all__) <= set(dir(whence))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = whence.nothing
