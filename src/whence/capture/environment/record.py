"""What a run ran in: code, packages, machine, user. Recorded by the companion, beside the program.

Each is an entity whose id follows from its content, so equal environments of two runs are one node.
The run used them with the roles ``environment``, ``commit`` and ``uncommitted``; the user is
associated with the run.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from whence._base.clock import wall_ns
from whence._base.ids import derived_id
from whence._base.text import plain
from whence.capture.environment.git import CodeState, GitError, code_state
from whence.capture.environment.gpu import gpu_facts, graphics_processors
from whence.capture.environment.hardware import machine_facts, python_facts
from whence.capture.environment.keeping import keep
from whence.capture.environment.packages import installed_packages
from whence.capture.environment.untracked import untracked_rule
from whence.capture.guard import guarded
from whence.capture.masking import Masker
from whence.capture.recorder import Recorder
from whence.capture.session import Session
from whence.capture.settings import Settings, settings_if_valid
from whence.journal.home import cache_path
from whence.model import kind as kinds
from whence.model.event import AgentRecorded, EntityRecorded, RelationRecorded
from whence.model.relation import Known, Relation

VARIABLES = (
    "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_LAUNCH_BLOCKING", "CUBLAS_WORKSPACE_CONFIG",
    "NVIDIA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "TF_DETERMINISTIC_OPS", "XLA_FLAGS", "TOKENIZERS_PARALLELISM",
    "PYTHONHASHSEED", "PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONDEVMODE",
    "PYTHONUTF8", "VIRTUAL_ENV", "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "LANG", "LC_ALL", "TZ",
)  # fmt: skip
"""The environment variables that are recorded; ``[environment] variables`` adds to them."""

PASSING_VARIABLES = (
    "SLURM_*", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "RANK", "WORLD_SIZE", "LOCAL_RANK", "NODE_RANK",
    "MASTER_ADDR", "MASTER_PORT", "CI", "HOSTNAME",
)  # fmt: skip
"""Variables that differ from run to run: they go with the relation, so that the environment of
two runs can be one and the same."""


def record_environment(session: Session, folder: str | None = None) -> None:
    """Record everything this module knows of, for the run of ``session``.

    ``folder`` is where the program was started (the working folder, if none is given). What can't
    be asked is a gap; nothing is raised.
    """
    writer = _Writer(session)
    failed = "environment-partial"
    writer.what_is_not_kept()
    with guarded(failed, "user", writer.count(failed)):
        writer.user()
    with guarded(failed, "environment", writer.count(failed)):
        writer.environment(os.environ)
    with guarded(failed, "code", writer.count(failed)):
        writer.code(folder or _working_folder(session))


class _Writer:
    """Makes events of what is found out."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._recorder: Recorder = session.recorder
        self._run = session.run
        known = settings_if_valid(session.store)
        self._may_keep = known is not None
        self._settings = known or Settings()
        self._masker = Masker(self._settings.patterns)

    def what_is_not_kept(self) -> None:
        """Record what is left out because the settings, which say what is masked, are wrong."""
        if not self._may_keep:
            detail = "the settings are wrong: variables, the remote, code and diff are not kept"
            self._recorder.count_gap("environment-partial", self._run, self._run, detail=detail)

    def count(self, code: str) -> Callable[[], None]:
        return lambda: self._recorder.count_gap(code, self._run)

    def user(self) -> None:
        name = plain(getpass.getuser())
        agent = derived_id(b"person", name)
        self._recorder.record(AgentRecorded(agent, kinds.PERSON, name))
        self._relate(Relation.WAS_ASSOCIATED_WITH, agent, "user")

    def environment(self, variables: Mapping[str, str]) -> None:
        facts = python_facts() | machine_facts()
        facts |= self._variables(variables, (*VARIABLES, *self._settings.variables))
        how = self._variables(variables, PASSING_VARIABLES)
        cache = cache_path(self._session.store)
        facts["packages"] = installed_packages(cache)
        if gpus := graphics_processors(cache):
            facts |= gpu_facts(gpus)
            how["gpu_uuid"] = [plain(gpu.uuid) for gpu in gpus]
        entity = derived_id(b"environment", msgspec.msgpack.encode(facts, order="sorted"))
        self._used(
            entity, kinds.ENVIRONMENT, f"Python {facts['python']}", facts, "environment", how
        )

    def _variables(self, variables: Mapping[str, str], globs: Iterable[str]) -> dict[str, Any]:
        return (
            {}
            if not self._may_keep
            else {
                f"env.{plain(name)}": plain(self._masker.variable(name, variables[name]))
                for name in _chosen(variables, globs)
            }
        )

    def code(self, folder: str) -> None:
        try:
            root = str(self._session.root)
            state = code_state(folder, untracked_rule(self._settings.untracked, root))
        except GitError as error:
            detail = self._masker.text(plain(str(error)))[:500]
            self._recorder.count_gap("git-unavailable", self._run, self._run, detail=detail)
            return
        if state is None:
            return
        if state.commit:
            self._commit(state)
        if state.diff and self._may_keep:
            self._diff(state)
        if state.is_cut and self._may_keep:
            self._recorder.count_gap(
                "environment-partial", self._run, self._run, detail="the uncommitted diff was cut"
            )

    def _commit(self, state: CodeState) -> None:
        facts: dict[str, Any] = {"commit": state.commit}
        if state.remote and self._may_keep:
            facts["remote"] = plain(self._masker.text(_without_user(state.remote)))
        how = {"branch": plain(state.branch), "dirty": bool(state.files)}
        entity = derived_id(b"commit", state.commit)
        self._used(entity, kinds.COMMIT, state.commit, facts, "commit", how)

    def _diff(self, state: CodeState) -> None:
        data = self._masker.text(state.diff).encode()
        digest = keep(self._session.store, data)
        facts = {"kept": True, "cut": state.is_cut, "files": [plain(f) for f in state.files[:1000]]}
        entity = derived_id(b"diff", state.commit, digest)
        self._used(
            entity, kinds.DIFF, "uncommitted changes", facts, "uncommitted", digest=digest,
            size=len(data),
        )  # fmt: skip

    def _used(
        self,
        entity: bytes,
        kind: str,
        name: str,
        facts: dict[str, Any],
        role: str,
        how: dict[str, Any] | None = None,
        digest: bytes | None = None,
        size: int | None = None,
    ) -> None:
        now = wall_ns()
        self._recorder.record(EntityRecorded(entity, kind, name, now, facts, digest, size))
        self._relate(Relation.USED, entity, role, how)

    def _relate(
        self, relation: Relation, target: bytes, role: str, how: dict[str, Any] | None = None
    ) -> None:
        event = RelationRecorded(
            self._run, relation, target, Known.OBSERVED, wall_ns(), role, how or {}
        )
        self._recorder.record(event)
        _surroundings.append(event)


def share_environment(recorder: Recorder, runs: Iterable[bytes]) -> None:
    """Record that later runs of the same process ran in what was recorded for the first."""
    for run in runs:
        for event in _surroundings:
            recorder.record(msgspec.structs.replace(event, source=run))


_surroundings: list[RelationRecorded] = []


def _chosen(variables: Mapping[str, str], globs: Iterable[str]) -> list[str]:
    wanted = tuple(globs)
    exact = {glob for glob in wanted if not set(glob) & set("*?[")}
    shaped = [glob for glob in wanted if glob not in exact]
    return sorted(
        name
        for name in variables
        if name in exact or any(fnmatchcase(name, glob) for glob in shaped)
    )


def _without_user(remote: str) -> str:
    """A remote's URL without user and password; ``git@host:path`` stays as it is."""
    scheme, is_url, rest = remote.partition("://")
    if not is_url:
        return remote
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _working_folder(session: Session) -> str:
    try:
        return os.getcwd()
    except OSError:
        return str(session.root)
