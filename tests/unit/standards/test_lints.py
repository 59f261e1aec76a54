"""Each lint finds its slip and stays silent where there is none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from whence.journal.home import create_store
from whence.service.exporting import whole
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.standards.lint import LINTS, Facts, findings
from whence.standards.prov.provn import ProvN

HEAD = """document
prefix e <http://example.org/>
prefix provml <https://w3id.org/prov-ml#>
prefix whence <https://w3id.org/whence#>
activity(e:run, 2026-01-01T00:00:00Z, 2026-01-01T01:00:00Z,
  [prov:type='provml:LearningProcessExecution', prov:label="study", whence:status="finished"])
entity(e:commit, [prov:type='whence:Commit', prov:label="abc"])
used(e:run, e:commit, -)
"""
DIGEST = "sha256:" + "ab" * 32

CASES = {
    "test-data-in-training": (
        """
        activity(e:fit, 2026-01-01T00:01:00Z, -, [prov:type='whence:Fit', prov:label="fit",
          whence:partOf='e:run'])
        activity(e:score, 2026-01-01T00:02:00Z, -, [prov:type='whence:Score', prov:label="score",
          whence:partOf='e:run'])
        entity(e:table, [prov:type='whence:Frame', prov:label="X"])
        used(e:fit, e:table, -)
        used(e:score, e:table, -, [prov:role="ROLE"])
        """,
        ("ROLE", "test", "train"),
        "X tests in score and was trained on in fit",
    ),
    "model-older-than-data": (
        """
        entity(e:model, [prov:type='provml:Model', prov:label="model"])
        entity(e:data, [prov:type='whence:Dataset', prov:label="data"])
        wasGeneratedBy(e:model, e:run, 2026-01-01T00:10:00Z)
        wasGeneratedBy(e:data, e:run, 2026-01-01T00:MINUTE:00Z)
        wasDerivedFrom(e:model, e:data)
        """,
        ("MINUTE", "20", "05"),
        "model was made before data, from which it is said to come",
    ),
    "metric-without-data": (
        """
        entity(e:run..metric..loss, [prov:type='provml:ModelEvaluation',
          prov:label="loss", prov:value="0.5" %% xsd:double])
        wasGeneratedBy(e:run..metric..loss, e:run, -)
        entity(e:data, [prov:type='whence:Dataset', prov:label="data"])
        RELATION(e:run, e:data, -)
        """,
        ("RELATION(e:run, e:data, -)", "", "used(e:run, e:data, -)"),
        "study has loss and no data that was measured on",
    ),
    "commit-missing": (
        "activity(e:other, 2026-01-02T00:00:00Z, -, [prov:type='provml:LearningProcessExecution',"
        ' prov:label="other"])\nUSED',
        ("USED", "", "used(e:other, e:commit, -)"),
        "other names no commit",
    ),
    "commit-dirty": (
        "entity(e:diff, [prov:type='whence:KIND', prov:label=\"changes\"])\nused(e:run, e:diff, -)",
        ("KIND", "Diff", "Environment"),
        "study ran with changes that were not committed",
    ),
    "input-without-digest": (
        "entity(e:file, [prov:type='whence:File', prov:label=\"in.csv\"DIGEST])\n"
        "used(e:run, e:file, -)",
        ("DIGEST", "", f', whence:digest="{DIGEST}"'),
        "in.csv was read and its content is not known by digest",
    ),
    "failed-run-used": (
        """
        activity(e:broken, 2026-01-01T00:00:00Z, 2026-01-01T00:30:00Z,
          [prov:type='provml:LearningProcessExecution', prov:label="broken",
          whence:status="STATUS"])
        used(e:broken, e:commit, -)
        entity(e:model, [prov:type='provml:Model', prov:label="model"])
        wasGeneratedBy(e:model, e:broken, 2026-01-01T00:10:00Z)
        used(e:run, e:model, -)
        """,
        ("STATUS", "failed", "finished"),
        "model is used by study, and the run that made it, broken, failed",
    ),
}


def found_in(body: str, folder: Path) -> list[tuple[str, str]]:
    store = create_store(folder / ".whence")
    text = HEAD + body + "\nendDocument\n"
    with open_store(store) as index:
        import_document(store, index, ProvN().read(io.BytesIO(text.encode())))
    with open_store(store) as index:
        return [(one.lint, one.message) for one in findings(Facts(whole(index)))]


def test_each_lint_has_a_case() -> None:
    assert CASES.keys() == LINTS.keys()


@pytest.mark.parametrize("lint", CASES)
def test_a_lint_finds_its_slip_and_nothing_where_there_is_none(lint: str, tmp_path: Path) -> None:
    body, (mark, slipped, right), message = CASES[lint]
    (tmp_path / "slip").mkdir()
    (tmp_path / "right").mkdir()
    assert found_in(body.replace(mark, slipped), tmp_path / "slip") == [(lint, message)]
    assert found_in(body.replace(mark, right), tmp_path / "right") == []
