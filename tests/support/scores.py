"""Results of public suites, which the docs' scoreboard shows.

A test that has run a suite gives its result here. It must be the one in ``docs/scores.json``, so
the page can't claim what the tests don't show: ``SCORES=write`` writes it there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

SCORES = Path(__file__).parents[2] / "docs" / "scores.json"


def assert_score(suite: str, passed: int, of: int, gaps: Mapping[str, int] | None = None) -> None:
    """``passed`` of ``of`` cases hold; ``gaps``: a reason -> how many don't hold for it."""
    result: dict[str, object] = {
        "passed": passed,
        "of": of,
        "gaps": dict(sorted((gaps or {}).items())),
    }
    assert of - passed == sum((gaps or {}).values()), "each case that fails needs its reason"
    scores = json.loads(SCORES.read_text()) if SCORES.exists() else {}
    if os.environ.get("SCORES") == "write":
        scores[suite] = result
        text = json.dumps(dict(sorted(scores.items())), indent=1, ensure_ascii=False)
        SCORES.write_text(text + "\n")
    assert scores.get(suite) == result, (
        f"The scoreboard says {scores.get(suite)} of {suite!r}; write the true result with "
        "SCORES=write"
    )
