"""What mkdocs calls: adds the generated reference pages to the ones written by hand."""

import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.generated import pages


def on_files(files: Files, config: Any) -> Files:
    """All pages of the site."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files
