"""What an object in memory is: its kind, class, shape, columns and dtypes. Never reads the data.

The libraries are looked up among the loaded modules, never imported.
"""

from __future__ import annotations

import sys
from typing import Any

from whence.capture.guard import asked
from whence.model import kind as kinds
from whence.model.value import typed

_NONE: dict[str, Any] = {}
_classes: dict[tuple[str, tuple[str, ...]], tuple[type, ...]] = {}

MAX_COLUMNS = 1000
"""Of wider tables the first columns are recorded, with the true number in ``shape``."""


def is_a(thing: object, module: str, *names: str) -> bool:
    """Whether ``thing`` is an instance of one of those classes of a loaded module."""
    classes = _classes.get((module, names))
    if classes is None:
        loaded = sys.modules.get(module)
        if loaded is None:
            return False
        found = (getattr(loaded, name, None) for name in names)
        classes = tuple(cls for cls in found if isinstance(cls, type))
        if len(classes) == len(names):
            _classes[module, names] = classes
    return isinstance(thing, classes)


def is_frame(thing: object) -> bool:
    return is_a(thing, "pandas", "DataFrame", "Series") or is_polars_frame(thing) or is_arrow(thing)


def is_polars_frame(thing: object) -> bool:
    return is_a(thing, "polars", "DataFrame", "Series", "LazyFrame")


def is_arrow(thing: object) -> bool:
    return is_a(thing, "pyarrow", "Table", "RecordBatch")


def is_relation(thing: object) -> bool:
    """Whether it is a query of duckdb: to ask for its shape would execute it.

    Known by name: duckdb complains of a class of its own that outlives its module.
    """
    return type(thing).__name__ == "DuckDBPyRelation"


def is_array(thing: object) -> bool:
    return is_a(thing, "numpy", "ndarray") or is_a(thing, "torch", "Tensor")


def is_model(thing: object) -> bool:
    """Whether it is something that learns or has learnt."""
    return (
        is_a(thing, "sklearn.base", "BaseEstimator")
        or is_a(thing, "torch.nn", "Module")
        or is_a(thing, "keras", "Model")
        or is_a(thing, "lightgbm", "Booster")
        or is_a(thing, "xgboost", "Booster")
    )


def is_state_dict(thing: object) -> bool:
    """Whether it is a non-empty mapping of names to tensors."""
    if not isinstance(thing, dict) or not thing or "torch" not in sys.modules:
        return False
    return all(isinstance(k, str) and is_a(v, "torch", "Tensor") for k, v in thing.items())


def kind_of(thing: object) -> str:
    """The kind of the entity that an object in memory is."""
    if is_model(thing) or is_state_dict(thing):
        return kinds.MODEL
    if is_frame(thing):
        return kinds.FRAME
    return kinds.ARRAY if is_array(thing) else kinds.DATASET


def class_name(thing: object) -> str:
    return type(thing).__qualname__


def library_of(thing: object) -> tuple[str, str]:
    """The top package that an object's class comes from, and its version if it has one."""
    package = type(thing).__module__.partition(".")[0]
    version = getattr(sys.modules.get(package), "__version__", "")
    return package, version if isinstance(version, str) else str(version)


def shape_of(thing: object) -> list[int] | None:
    """The shape of a table or array; of a list its length; None for all else."""
    if is_relation(thing):
        return None
    shape = asked(lambda: getattr(thing, "shape", None), None)
    if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape):
        return [int(n) for n in shape]
    return [len(thing)] if isinstance(thing, list | tuple) else None


def columns_of(thing: object) -> list[Any] | None:
    """The labels of the columns of a frame, as they are (not all are text); None without."""
    if is_a(thing, "pandas", "DataFrame"):
        frame: Any = thing
        return list(frame.columns[:MAX_COLUMNS])
    if is_a(thing, "pandas", "Series"):
        series: Any = thing
        return [series.name]
    return _columns_elsewhere(thing)


def _columns_elsewhere(thing: Any) -> list[Any] | None:
    """The columns of polars and arrow; a lazy frame would have to work out its own."""
    if is_a(thing, "polars", "DataFrame"):
        return list(thing.columns[:MAX_COLUMNS])
    if is_a(thing, "polars", "Series"):
        return [thing.name]
    if is_relation(thing):
        return list(thing.columns[:MAX_COLUMNS])
    if is_a(thing, "datasets.arrow_dataset", "Dataset"):
        return list(thing.column_names[:MAX_COLUMNS])
    return list(thing.schema.names[:MAX_COLUMNS]) if is_arrow(thing) else None


def form_of(thing: object) -> object:
    """What tells one state of a table or array from the next: shape and columns."""
    if not (is_frame(thing) or is_array(thing)):
        return None
    return asked(lambda: (shape_of(thing), _labels(thing)), None)


def _labels(thing: object) -> object:
    columns = columns_of(thing)
    return None if columns is None else [repr(label) for label in columns]


def memory_owner(thing: object) -> object | None:
    """The array whose memory ``thing`` is a view of, or None."""
    if is_a(thing, "numpy", "ndarray"):
        return asked(lambda: getattr(thing, "base", None), None)
    if is_a(thing, "torch", "Tensor"):
        return asked(lambda: getattr(thing, "_base", None), None)
    return None


def attributes_of(thing: object) -> dict[str, Any]:
    """The attributes of the entity that ``thing`` is now: typed values, ready for an event."""
    found: dict[str, Any] = {"class": f"{type(thing).__module__}.{class_name(thing)}"}
    if is_model(thing):
        found.update(asked(lambda: _model_attributes(thing), _NONE))
        return found
    shape = shape_of(thing)
    if shape is not None:
        found["shape"] = shape
    columns = columns_of(thing)
    if columns is not None:
        found["columns"] = typed(columns)
        found.update(asked(lambda: _frame_attributes(thing), _NONE))
    elif is_array(thing):
        found["dtype"] = asked(lambda: str(getattr(thing, "dtype", "")), "")
    elif is_state_dict(thing):
        found.update(_tensors(thing))
    return found


def _frame_attributes(frame: Any) -> dict[str, Any]:
    if is_relation(frame):
        return {"dtypes": [str(dtype) for dtype in frame.dtypes[:MAX_COLUMNS]]}
    if is_a(frame, "datasets.arrow_dataset", "Dataset"):
        return {"dtypes": [str(one) for one in frame.data.schema.types[:MAX_COLUMNS]]}
    if is_arrow(frame):
        return {"dtypes": [str(dtype) for dtype in frame.schema.types[:MAX_COLUMNS]]}
    if is_polars_frame(frame):
        found = frame.dtypes if hasattr(frame, "columns") else [frame.dtype]
        return {"dtypes": [str(dtype) for dtype in found[:MAX_COLUMNS]]}
    dtypes = frame.dtypes if hasattr(frame, "columns") else [frame.dtype]
    index = frame.index
    return {
        "dtypes": [str(dtype) for dtype in list(dtypes)[:MAX_COLUMNS]],
        "index": {
            "type": type(index).__name__,
            "names": [name if name is None else str(name) for name in index.names],
        },
    }


def _model_attributes(model: Any) -> dict[str, Any]:
    package, version = library_of(model)
    found: dict[str, Any] = {"library": package, "version": version}
    if is_a(model, "torch.nn", "Module"):
        found["n_parameters"] = sum(int(p.numel()) for p in model.parameters())
        return found
    names = asked(lambda: getattr(model, "feature_names_in_", None), None)
    if names is not None:
        found["feature_names"] = [str(name) for name in names[:MAX_COLUMNS]]
    count = asked(lambda: getattr(model, "n_features_in_", None), None)
    if isinstance(count, int):
        found["n_features"] = count
    return found


def _tensors(state: Any) -> dict[str, Any]:
    return {"n_tensors": len(state), "n_parameters": sum(int(t.numel()) for t in state.values())}
