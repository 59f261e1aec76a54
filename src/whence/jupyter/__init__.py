"""Notebooks: the kernel extension, the runner, the magics and what JupyterLab is given."""

from __future__ import annotations

from whence._base.version import VERSION

__version__ = VERSION

TYPE_CHECKING = False  # as typing's: a kernel that loads this package needs none of it
if TYPE_CHECKING:
    from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What ``jupyter server`` asks for: the module that it is to load."""
    return [{"module": "whence.jupyter"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Have a Jupyter server answer under ``whence/api/``."""
    from whence.jupyter.server import load

    load(app)
