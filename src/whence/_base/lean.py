"""Loading msgspec's core without the rest of it, for the user's process.

``import msgspec`` also loads its readers of JSON Schema, TOML and YAML, ``inspect`` and
``typing_extensions``: 40 ms of CPU before the user's program begins, for nothing that capture uses.
`load_core` loads the compiled core alone under the package's name; `restore` takes the name away
again, so that a program that imports msgspec gets all of it, around the same core.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False  # as typing's, without loading it
if TYPE_CHECKING:
    from typing import Any

_NAME, _HEAVY = "msgspec", "typing_extensions"


def load_core() -> bool:
    """Make ``import msgspec`` give the core alone from now on; false when nothing was done."""
    if _NAME in sys.modules or _HEAVY in sys.modules:
        return False
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec(_NAME)
    if spec is None or spec.submodule_search_locations is None:
        return False
    package = ModuleType(_NAME)
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules[_NAME] = package
    sys.modules[_HEAVY] = None  # type: ignore[assignment]  # None makes the import fail at once
    try:
        _fill(package)
    except (ImportError, AttributeError):
        restore()
        return False
    finally:
        sys.modules.pop(_HEAVY, None)
    return True


def restore() -> None:
    """Give the name back: the next ``import msgspec`` loads the whole package."""
    sys.modules.pop(_NAME, None)


def _fill(package: ModuleType) -> None:
    """Load the core and put its names where the package has them."""
    core = import_module("msgspec._core")
    annotations: Any = import_module("msgspec._utils")
    import_module("msgspec.msgpack")

    for name in _CORE_NAMES:
        setattr(package, name, getattr(core, name))
    annotations._get_type_hints = _type_hints


def _type_hints(*args: object, **kwargs: object) -> object:
    """What msgspec asks of ``typing_extensions`` where it is installed, loaded when it is asked."""
    try:
        from typing_extensions import get_type_hints
    except ImportError:
        from typing import get_type_hints
    return get_type_hints(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came


_CORE_NAMES = (
    "UNSET",
    "DecodeError",
    "EncodeError",
    "MsgspecError",
    "Raw",
    "Struct",
    "UnsetType",
    "ValidationError",
)
