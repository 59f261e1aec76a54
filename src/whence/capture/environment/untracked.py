"""Which files that git does not track are part of the uncommitted changes. The whole rule is here.

Code and configuration are, data and results are not: else two runs of the same code would differ by
what the first one wrote. What git ignores is never asked for.

1. What ``[environment] untracked`` of ``.whence/config.toml`` matches is part; what a pattern of it
   that begins with ``!`` matches is not, whatever else.
2. Not part: anything in a folder that tools write their results into (``mlruns``, ``wandb``,
   ``lightning_logs``, ``.hydra``, ``.ipynb_checkpoints``).
3. Part: files with the suffix of a programming language, of a shell, of a notebook or of TOML, YAML
   and INI, and files with names like ``Makefile``, ``Dockerfile`` and ``requirements.txt``.

The text is kept up to 64 KiB a file; of a larger one, or one that is no text, size and digest.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from whence._base.digest import digest_descriptor
from whence._base.ids import format_id
from whence.capture.file.glob import matcher

LARGEST_KEPT = 64 << 10
MOST_KEPT = 200

_SUFFIXES = frozenset(
    ("py", "pyi", "pyx", "pxd", "ipynb", "sh", "bash", "zsh", "fish", "ps1", "sql", "r", "rmd",
     "qmd", "jl", "m", "lua", "pl", "rb", "sas", "do", "f90", "f", "c", "h", "cc", "cpp", "cxx",
     "hpp", "cu", "cuh", "rs", "go", "java", "scala", "kt", "js", "mjs", "jsx", "ts", "tsx", "smk",
     "nf", "wdl", "cwl", "proto", "j2", "jinja", "toml", "yaml", "yml", "cfg", "ini", "conf",
     "properties", "hcl", "tf", "gin", "hocon", "jsonnet", "libsonnet", "mk", "cmake", "dockerfile")
)  # fmt: skip
_NAMES = (
    "makefile", "gnumakefile", "dockerfile*", "containerfile*", "snakefile", "justfile", "rakefile",
    "procfile", "pipfile", "cmakelists.txt", "manifest.in", "requirements*.txt", "requirements*.in",
    "constraints*.txt", ".gitignore", ".gitattributes", ".python-version",
)  # fmt: skip
_RESULTS = frozenset(("mlruns", "wandb", "lightning_logs", ".hydra", ".ipynb_checkpoints"))


IsPart = Callable[[str, str], bool]
"""Asked with the top folder of the repository and the path of a file below it."""


def untracked_rule(globs: Iterable[str], root: str) -> IsPart:
    """The rule with the ``globs`` of the settings, relative to ``root`` (it holds ``.whence``)."""
    wanted = list(globs)
    home = root.rstrip("/") + "/"
    taken = matcher((g for g in wanted if not g.startswith("!")), home)
    refused = matcher((g[1:] for g in wanted if g.startswith("!")), home)

    def is_part(top: str, path: str) -> bool:
        place = os.path.join(top, path)
        if refused is not None and refused(place):
            return False
        return bool(taken is not None and taken(place)) or is_code(path)

    return is_part


def is_code(path: str) -> bool:
    """Whether a file is code or configuration, by its path below the top of the repository."""
    folder, name = os.path.split(path)
    if not _RESULTS.isdisjoint(folder.split("/")):
        return False
    lower = name.lower()
    if os.path.splitext(lower)[1][1:] in _SUFFIXES:
        return True
    return any(fnmatchcase(lower, glob) for glob in _NAMES)


def untracked_diff(top: str, paths: list[str]) -> tuple[str, bool]:
    """The files ``paths`` below ``top`` as a diff of new files; and whether some were left out."""
    parts = [_new_file(top, path) for path in paths[:MOST_KEPT]]
    return "".join(parts), len(paths) > MOST_KEPT


def _new_file(top: str, path: str) -> str:
    place = os.path.join(top, path)
    head = f"diff --git a/{path} b/{path}\nnew file mode 100644\n"
    try:
        if not stat.S_ISREG(os.lstat(place).st_mode):
            return ""
        text = _text(place)
        if text is None:
            return f"{head}{_digest(place)}\n"
    except OSError:
        return ""
    lines = text.splitlines(keepends=True)
    end = "" if text.endswith("\n") or not text else "\n\\ No newline at end of file\n"
    body = "".join("+" + line for line in lines) + end
    head += f"--- /dev/null\n+++ b/{path}\n"
    return head + (f"@@ -0,0 +1,{len(lines)} @@\n{body}" if lines else "")


def _text(path: str) -> str | None:
    with open(path, "rb") as f:
        data = f.read(LARGEST_KEPT + 1)
    if b"\0" in data or len(data) > LARGEST_KEPT:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _digest(path: str) -> str:
    with open(path, "rb") as f:
        digest, size = digest_descriptor(f.fileno())
    return f"{size} bytes, {format_id(digest)}"
