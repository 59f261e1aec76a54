"""The tensors, arrays and tables that a torch data set holds, and whether that is all."""

from __future__ import annotations

from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.observers.describe import is_a, is_array, is_frame

_DEEPEST = 8
_MOST_PARTS = 100


class Held(NamedTuple):
    """What a data set holds, by name. ``is_all``: nothing besides can give data."""

    things: list[tuple[str, Any]]
    is_all: bool


def held_by(dataset: Any, depth: int = 0) -> Held:
    """What a data set holds; subsets and sums of data sets hold what those do."""
    attributes: dict[str, Any] = asked(lambda: dict(vars(dataset)), {})
    if is_a(dataset, "torch.utils.data", "Subset"):
        inner = [attributes.get("dataset")]
    elif is_a(dataset, "torch.utils.data", "ConcatDataset"):
        inner = list(attributes.get("datasets", ()))
    else:
        return _own(dataset, attributes)
    if depth >= _DEEPEST or len(inner) > _MOST_PARTS:
        return Held([], False)
    parts = [held_by(one, depth + 1) for one in inner]
    things = [named for part in parts for named in part.things]
    return Held(things, all(part.is_all for part in parts))


def _own(dataset: Any, attributes: dict[str, Any]) -> Held:
    if is_array(dataset) or is_frame(dataset):
        return Held([("", dataset)], True)
    tensors = attributes.pop("tensors", ())
    named = [(f"tensor {n}", one) for n, one in enumerate(tensors)]
    named += [(name, one) for name, one in attributes.items() if not _is_plain(one)]
    things = [(name, one) for name, one in named if is_array(one) or is_frame(one)]
    return Held(things, bool(things) and len(things) == len(named))


def _is_plain(value: object) -> bool:
    """Whether a value gives no data: a number, or a function that changes them."""
    return value is None or isinstance(value, bool | int | float) or callable(value)
