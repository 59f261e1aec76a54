"""The public surface as it is. To write it down: ``python -m tests.packaging.surface``."""

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_suffix(".json")


def surface() -> dict[str, object]:
    """Public names, commands with their options, dependencies and extras."""
    import whence
    from docs.generated import surface as commands

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "names": sorted(whence.__all__),
        "commands": commands(),
        "dependencies": sorted(project["dependencies"]),
        "extras": project["optional-dependencies"],
        "python": project["requires-python"],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(surface(), indent=1) + "\n")
