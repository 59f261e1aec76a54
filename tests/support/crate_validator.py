"""Validates RO-Crates offline: run by the Python of ``build/validators`` (make validators).

    python crate_validator.py CACHE CONTEXTS PROFILE CRATE [PROFILE CRATE ...]

CACHE is where the validator keeps its HTTP cache, CONTEXTS the folder with the contexts that it
would fetch. Prints a JSON list: for each crate whether it passed, how many checks ran and were
skipped, and the issues.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests_cache import CachedSession
from rocrate_validator import services
from rocrate_validator.models import Severity
from urllib3 import HTTPResponse

CONTEXTS = {
    **{
        f"https://w3id.org/ro/crate/{version}/context": f"ro-{version}.jsonld"
        for version in ("1.0", "1.1", "1.2", "1.3")
    },
    "https://w3id.org/ro/terms/workflow-run/context": "wfrun.jsonld",
}


class Folder(BaseAdapter):
    """Answers requests with the files of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        body = (self._folder / CONTEXTS[str(request.url)]).read_bytes()
        response = Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = HTTPResponse(
            io.BytesIO(body), status=200, headers=response.headers, preload_content=False
        )
        return response

    def close(self) -> None:
        pass


def warm(cache: Path, contexts: Path) -> None:
    """Fill the validator's cache, so that it finds the contexts without a network."""
    session = CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1)
    session.mount("https://", Folder(contexts))
    for url in CONTEXTS:
        session.get(url).raise_for_status()
    session.close()


def validate(cache: Path, profile: str, crate: str) -> dict[str, Any]:
    """What the validator says of one crate by the checks that a profile requires."""
    settings = services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier=profile,
        requirement_severity=Severity.REQUIRED,
        offline=True,
        cache_path=cache,
    )
    result = services.validate(settings)
    return {
        "passed": result.passed(),
        "checks": result.statistics.total_checks,
        "skipped": result.statistics.total_skipped_checks,
        "issues": [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()],
    }


def main() -> None:
    cache, contexts = Path(sys.argv[1]), Path(sys.argv[2])
    warm(cache, contexts)
    asked = zip(sys.argv[3::2], sys.argv[4::2], strict=True)
    json.dump([validate(cache, profile, crate) for profile, crate in asked], sys.stdout)


if __name__ == "__main__":
    main()
