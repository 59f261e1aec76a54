"""Where the cases of public suites lie; absent ones fail the test with what to do."""

from __future__ import annotations

import tarfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
PROV_LIBRARY = ROOT / "build" / "corpus" / "prov-3.2.3"


def of_prov_library(*parts: str) -> Path:
    """A folder of the `prov` library's test corpus."""
    folder = (PROV_LIBRARY / "src" / "prov" / "tests").joinpath(*parts)
    assert folder.is_dir(), f"{folder} is not there; fetch the corpus: make corpus"
    return folder


def shared(name: str) -> Path:
    """A file or folder of the suites that lie beside the project."""
    path = SHARED / name
    assert path.exists(), f"{path} is not there: the suites lie beside the project, in shared/data"
    return path


@cache
def archived(name: str) -> dict[str, bytes]:
    """The files of an archive of the suites by their names."""
    with tarfile.open(shared(name)) as archive:
        return {
            member.name: file.read()
            for member in archive
            if (file := archive.extractfile(member)) is not None
        }
