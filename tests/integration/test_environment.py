"""The environment of a run, asked of the real machine and of real git repositories."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.session import make_session, of_type
from whence._base.digest import digest_bytes
from whence.capture.environment import git as git_module
from whence.capture.environment.git import GitError, code_state
from whence.capture.environment.packages import installed_packages
from whence.capture.environment.record import record_environment
from whence.capture.environment.untracked import is_code, untracked_rule
from whence.journal.home import complete_store, content_path
from whence.model.event import AgentRecorded, EntityRecorded, GapRecorded, RelationRecorded
from whence.model.relation import Relation

SECRET = "hunter2-Planted-0123"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "train.py").write_text("print(1)\n")
    git(root, "add", "train.py")
    git(root, "commit", "-q", "-m", "first")
    complete_store(str(root / ".whence"))
    return root


def recorded(root: Path) -> dict[str, Any]:
    """Role -> entity of what the run used, beside the relations and gaps, in a fresh session."""
    session = make_session(root)
    record_environment(session, str(root))
    session.recorder.stop()
    relations = [r for r in of_type(session.store, RelationRecorded) if r.source == session.run]
    entities = {e.id: e for e in of_type(session.store, EntityRecorded)}
    used = {r.role: entities[r.target] for r in relations if r.relation == Relation.USED}
    gaps = [g for g in of_type(session.store, GapRecorded) if g.activity == session.run]
    return {"used": used, "how": {r.role: r.attributes for r in relations}, "gaps": gaps}


def test_a_clean_commit_is_used_without_a_diff(project: Path) -> None:
    git(project, "remote", "add", "origin", f"https://me:{SECRET}@example.org/team/x.git")
    found = recorded(project)
    head = git(project, "rev-parse", "HEAD")
    assert set(found["used"]) == {"environment", "commit"}
    commit = found["used"]["commit"]
    assert (commit.kind, commit.name) == ("commit", head)
    assert commit.attributes == {"commit": head, "remote": "https://example.org/team/x.git"}
    assert found["how"]["commit"] == {"branch": "main", "dirty": False}
    assert found["gaps"] == []


def test_uncommitted_and_untracked_text_is_kept_with_secrets_masked(project: Path) -> None:
    (project / "train.py").write_text(f'print(2)\npassword = "{SECRET}"\n')
    (project / "new.py").write_text("x = 1")
    (project / "image.bin").write_bytes(b"\0\1")
    (project / "large.py").write_text("x = 1\n" * 100_000)
    (project / "scores.json").write_text("0.95\n")
    (project / "a.csv").write_text("1,2\n")
    (project / "mlruns").mkdir()
    (project / "mlruns" / "meta.yaml").write_text("a: 1\n")
    found = recorded(project)
    diff = found["used"]["uncommitted"]
    content = content_path(project / ".whence", diff.digest).read_bytes()
    assert digest_bytes(content) == diff.digest
    assert diff.size == len(content)
    text = content.decode()
    assert '+print(2)\n+password = "***"\n' in text
    assert "+++ b/new.py\n@@ -0,0 +1,1 @@\n+x = 1\n\\ No newline at end of file\n" in text
    large = digest_bytes(b"x = 1\n" * 100_000).hex()
    assert f"b/large.py\nnew file mode 100644\n600000 bytes, sha256:{large}\n" in text
    assert diff.attributes == {
        "kept": True, "cut": False, "files": ["large.py", "new.py", "train.py"],
    }  # fmt: skip
    assert found["how"]["commit"]["dirty"] is True
    kept = [path for path in (project / ".whence").rglob("*") if path.is_file()]
    assert [path for path in kept if SECRET.encode() in path.read_bytes()] == []


def test_what_a_run_wrote_is_no_change_of_the_code(project: Path) -> None:
    (project / "scores.json").write_text("0.95\n")
    (project / "model.txt").write_text("w = 1\n")
    found = recorded(project)
    assert set(found["used"]) == {"environment", "commit"}
    assert found["how"]["commit"]["dirty"] is False


def test_settings_say_which_untracked_files_are_code(project: Path) -> None:
    (project / ".whence" / "config.toml").write_text(
        '[environment]\nuntracked = ["conf/*.json", "!out"]\n'
    )
    for name in ("conf/a.json", "b.json", "out/c.yaml", "d.yaml"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("1\n")
    diff = recorded(project)["used"]["uncommitted"]
    assert diff.attributes["files"] == ["conf/a.json", "d.yaml"]


@pytest.mark.parametrize(
    ("path", "is_part"),
    [
        ("a/train.py", True), ("notes.R", True), ("Makefile", True), ("Dockerfile.gpu", True),
        ("requirements-dev.txt", True), ("conf/base.yaml", True), ("explore.ipynb", True),
        ("data.csv", False), ("notes.txt", False), ("scores.json", False), ("model.pkl", False),
        (".env", False), ("py", False), ("wandb/run/config.yaml", False), ("yaml", False),
        ("outputs/.hydra/config.yaml", False),
    ],
)  # fmt: skip
def test_code_and_configuration_by_name(path: str, is_part: bool) -> None:
    assert is_code(path) is is_part


def test_tracked_data_that_is_binary_or_huge_is_compared_by_hash(project: Path) -> None:
    (project / "small.csv").write_text("1\n")
    (project / "huge.csv").write_text("1\n" * 1_000_000)
    (project / "model.bin").write_bytes(b"\0\1")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "data")
    (project / "small.csv").write_text("2\n")
    (project / "huge.csv").write_text("2\n")
    (project / "model.bin").write_bytes(b"\0\2")
    diff = recorded(project)["used"]["uncommitted"]
    text = content_path(project / ".whence", diff.digest).read_text()
    assert "-1\n+2\n" in text
    assert "Binary files a/huge.csv and b/huge.csv differ" in text
    assert "Binary files a/model.bin and b/model.bin differ" in text
    assert (len(text) < 1500, diff.attributes["cut"]) == (True, False)


def test_equal_states_give_one_diff_and_one_environment(project: Path) -> None:
    (project / "train.py").write_text("print(2)\n")
    first, second = recorded(project), recorded(project)
    assert {role: e.id for role, e in first["used"].items()} == {
        role: e.id for role, e in second["used"].items()
    }


def test_a_detached_head_has_no_branch(project: Path) -> None:
    git(project, "checkout", "-q", "--detach")
    assert recorded(project)["how"]["commit"] == {"branch": "", "dirty": False}


def test_a_repository_without_a_commit_gives_its_files_as_the_diff(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("a\n")
    git(tmp_path, "add", "a.py")
    state = code_state(str(tmp_path), untracked_rule([], str(tmp_path)))
    assert state is not None
    assert (state.commit, state.files, "+a\n" in state.diff) == ("", ["a.py"], True)


@pytest.mark.parametrize("bare", [False, True])
def test_outside_of_a_working_tree_nothing_is_said_of_code(tmp_path: Path, bare: bool) -> None:
    if bare:
        git(tmp_path, "init", "-q", "--bare")
    complete_store(str(tmp_path / ".whence"))
    found = recorded(tmp_path)
    assert set(found["used"]) == {"environment"}
    assert found["gaps"] == []


def test_without_git_nothing_is_said_of_code(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert code_state(str(project), untracked_rule([], str(project))) is None


def test_a_git_that_hangs_is_given_up_with_a_gap(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git_module, "TIMEOUT_S", 0.3)
    began = time.monotonic()
    found = recorded(project)
    assert time.monotonic() - began < 50
    assert [(g.code, g.detail) for g in found["gaps"]] == [
        ("git-unavailable", "git rev-parse did not answer within 0.3 seconds")
    ]


def test_a_damaged_repository_is_a_gap(project: Path) -> None:
    (project / ".git" / "config").write_text("[broken\n")
    assert [g.code for g in recorded(project)["gaps"]] == ["git-unavailable"]
    with pytest.raises(GitError, match="bad config"):
        code_state(str(project), untracked_rule([], str(project)))


def test_a_huge_diff_is_cut_and_says_so(project: Path) -> None:
    for number in range(6):
        (project / f"part{number}.py").write_text("")
    git(project, "add", ".")
    for number in range(6):
        (project / f"part{number}.py").write_text("x = 1\n" * 150_000)
    found = recorded(project)
    diff = found["used"]["uncommitted"]
    assert diff.attributes["cut"] is True
    assert diff.size <= git_module.LARGEST_DIFF + 100
    assert [(g.code, g.detail) for g in found["gaps"]] == [
        ("environment-partial", "the uncommitted diff was cut")
    ]


def test_hooks_monitors_and_drivers_of_the_repository_do_not_run(project: Path) -> None:
    mark = project.parent / "ran"
    script = project.parent / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.x.textconv", "core.pager"):
        git(project, "config", key, str(script))
    (project / ".gitattributes").write_text("*.py diff=x\n")
    (project / "train.py").write_text("print(2)\n")
    assert "uncommitted" in recorded(project)["used"]
    assert not mark.exists()


@pytest.mark.parametrize("kind", ["clean", "process"])
def test_filters_of_the_repository_do_not_run(project: Path, kind: str) -> None:
    mark = project.parent / "ran"
    script = project.parent / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    for key, value in ((f"filter.My.X.{kind}", str(script)), ("filter.My.X.required", "true")):
        git(project, "config", key, value)
    (project / ".gitattributes").write_text("*.py filter=My.X\n")
    (project / "train.py").write_text("print(2)\n")
    found = recorded(project)
    assert found["used"]["uncommitted"].attributes["files"] == [".gitattributes", "train.py"]
    assert found["gaps"] == []
    assert not mark.exists()
    with suppress(subprocess.CalledProcessError):
        git(project, "status")
    assert mark.exists()


def test_a_filter_that_can_not_be_named_to_git_is_a_gap(project: Path) -> None:
    mark = project.parent / "ran"
    git(project, "config", "filter.a=b.clean", f"touch {mark}")
    (project / ".gitattributes").write_text("*.py filter=a=b\n")
    (project / "train.py").write_text("print(2)\n")
    assert [g.code for g in recorded(project)["gaps"]] == ["git-unavailable"]
    assert not mark.exists()


def test_filters_of_a_submodule_do_not_run(project: Path) -> None:
    mark = project.parent / "ran"
    other = project / "other"
    git(project, "init", "-q", "other")
    (other / "lib.py").write_text("x = 1\n")
    git(other, "add", ".")
    git(other, "commit", "-q", "-m", "first")
    git(project, "add", "other")
    git(project, "commit", "-q", "-m", "a submodule")
    git(other, "config", "filter.y.clean", f"touch {mark}; cat")
    (other / ".gitattributes").write_text("*.py filter=y\n")
    (other / "lib.py").write_text("x = 2\n")
    (project / "train.py").write_text("print(2)\n")
    assert recorded(project)["used"]["uncommitted"].attributes["files"] == ["train.py"]
    assert not mark.exists()


def test_a_git_that_complains_at_length_does_not_stop(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = shutil.which("git")
    talks = tmp_path / "bin" / "git"
    talks.parent.mkdir()
    talks.write_text(f'#!/bin/sh\nhead -c 1000000 /dev/zero >&2\nexec {real} "$@"\n')
    talks.chmod(0o755)
    monkeypatch.setenv("PATH", f"{talks.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git_module, "TIMEOUT_S", 5.0)
    (project / "train.py").write_text("print(2)\n")
    found = recorded(project)
    assert found["gaps"] == []
    assert found["used"]["uncommitted"].attributes["files"] == ["train.py"]


def test_what_a_git_that_hangs_has_started_is_killed_with_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started = tmp_path / "pid"
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {started}\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git_module, "TIMEOUT_S", 1.0)
    began = time.monotonic()
    assert [g.code for g in recorded(project)["gaps"]] == ["git-unavailable"]
    assert time.monotonic() - began < 50
    stat_file = Path(f"/proc/{started.read_text().strip()}/stat")
    deadline = time.monotonic() + 10
    while stat_file.exists() and stat_file.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_environment_names_python_packages_machine_and_chosen_variables(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("APP_MODE", "test")
    monkeypatch.setenv("APP_TOKEN", SECRET)
    monkeypatch.setenv("UNLISTED", "x")
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    (project / ".whence" / "config.toml").write_text('[environment]\nvariables = ["APP_*"]\n')
    found = recorded(project)
    facts = found["used"]["environment"].attributes
    assert facts["python"] == ".".join(map(str, sys.version_info[:3]))
    assert facts["packages"]["msgspec"] == importlib.metadata.version("msgspec")
    assert facts["cpu_count"] == os.cpu_count()
    assert facts["memory"] > 1 << 28
    assert facts["kernel"].startswith("Linux ")
    assert facts["env.OMP_NUM_THREADS"] == "3"
    assert (facts["env.APP_MODE"], facts["env.APP_TOKEN"]) == ("test", "***")
    assert "env.UNLISTED" not in facts
    assert found["how"]["environment"]["env.SLURM_JOB_ID"] == "17"


def test_with_wrong_settings_nothing_is_kept_that_they_may_mask(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/corp-secret")
    git(project, "config", "remote.origin.url", "https://example.org/corp-secret")
    (project / "train.py").write_text("print('corp-secret')\n")
    (project / ".whence" / "config.toml").write_text("[masking\n")
    found = recorded(project)
    assert "uncommitted" not in found["used"]
    assert set(found["used"]["commit"].attributes) == {"commit"}
    assert not [k for k in found["used"]["environment"].attributes if k.startswith("env.")]
    assert [(g.code, g.detail) for g in found["gaps"]] == [
        (
            "environment-partial",
            "the settings are wrong: variables, the remote, code and diff are not kept",
        )
    ]
    assert not [p for p in (project / ".whence" / "content").rglob("*") if p.is_file()]
    kept = [p for p in (project / ".whence").rglob("*") if p.is_file() and p.suffix != ".toml"]
    assert not [p for p in kept if b"corp-secret" in p.read_bytes()]


def test_the_user_is_associated_with_the_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    session = make_session(project)
    record_environment(session, str(project))
    (agent,) = of_type(session.store, AgentRecorded)
    assert (agent.kind, agent.name) == ("person", "ada")
    (relation,) = [
        r for r in of_type(session.store, RelationRecorded)
        if r.relation == Relation.WAS_ASSOCIATED_WITH
    ]  # fmt: skip
    assert (relation.source, relation.target, relation.role) == (session.run, agent.id, "user")


def test_packages_are_asked_once_while_nothing_is_installed(tmp_path: Path) -> None:
    packages = installed_packages(str(tmp_path))
    (kept,) = tmp_path.iterdir()
    kept.write_text('{"only": "1"}')
    assert packages["pytest"] == importlib.metadata.version("pytest")
    assert installed_packages(str(tmp_path)) == {"only": "1"}
