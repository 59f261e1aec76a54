"""A server's home with two projects, tokens for them, and the app over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.testclient import TestClient

from tests.support.journal import JournalBuilder
from whence._base.clock import wall_ns
from whence.journal.home import content_path
from whence.server.access.principal import EVERY, Principal
from whence.server.access.tokens import TokenAccess
from whence.server.app import make_app
from whence.server.project import HomeProjects
from whence.service.index import fold_new

ADMIN = Principal("the test", ((EVERY, "admin"),))
KEPT = b"a diff that both projects keep\n" * 10
KEPT_DIGEST = hashlib.sha256(KEPT).hexdigest()


@dataclass
class Home:
    """``churn`` and ``fraud`` hold a run each; only ``fraud`` keeps content."""

    folder: Path
    access: TokenAccess
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, project: str, scope: str = "read", *, lives: bool = True) -> str:
        """The text of a new token."""
        expires_at = None if lives else wall_ns() - 1
        return self.access.register.create("t", project, scope, expires_at, ADMIN)[1]

    def id_of(self, text: str) -> str:
        return text.split("_")[1]


def make_home(folder: Path) -> Home:
    """A home that no server runs on yet."""
    projects = folder / "projects"
    projects.mkdir(parents=True)
    for name in ("churn", "fraud"):
        journal = JournalBuilder(folder.parent / f"{name}-work")
        with journal.run("train.py") as run:
            run.write(journal.root / "model.bin", b"weights" * 100)
            run.params(lr=0.1)
            run.metric("acc", 0.9)
        journal.store.rename(projects / name)
        fold_new(projects / name)
    kept = content_path(projects / "fraud", bytes.fromhex(KEPT_DIGEST))
    kept.parent.mkdir(parents=True)
    kept.write_bytes(KEPT)
    return Home(folder, TokenAccess(folder / "access.sqlite"))


@contextmanager
def asked(home: Home) -> Iterator[TestClient]:
    """The app over a home, asked without a socket; it folds as a server does."""
    app = make_app(HomeProjects(home.folder), home.access)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
