"""The names of calls: which draw random data, and in a script that is not run, which bring data in.

A run needs only the first, since draws are not watched (see ADR 0010); which calls read, split and
learn its observers see. For the static view of a script these lists stand in for them, so they
name what they watch.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache

from whence.analysis.drawing import DrawNames

SOURCES = (
    "pandas.read_*", "polars.read_*", "polars.scan_*", "pyarrow.*.read_*", "duckdb.read_*",
    "duckdb.sql", "duckdb.query", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt",
    "numpy.fromfile", "numpy.memmap", "h5py.File", "joblib.load", "pickle.load", "torch.load",
    "safetensors.*.load_file", "sklearn.datasets.load_*", "sklearn.datasets.fetch_*",
    "sklearn.datasets.make_*", "datasets.load_dataset", "datasets.load_from_disk",
    "datasets.Dataset.from_csv", "datasets.Dataset.from_json", "datasets.Dataset.from_parquet",
    "requests.get", "urllib.request.urlopen", "urllib.request.urlretrieve",
    "torchvision.datasets.*",
)  # fmt: skip

SYNTHETIC = (
    "numpy.random.*", "numpy.random.default_rng.*", "numpy.random.RandomState.*",
    "numpy.random.Generator.*", "sklearn.utils.check_random_state.*", "random.*",
    "random.Random.*", "scipy.stats.*.rvs", "torch.rand*", "torch.normal",
)  # fmt: skip
"""Calls that draw random numbers."""

GENERATORS = (
    "numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.Generator",
    "numpy.random.seed", "numpy.random.SeedSequence", "random.seed", "random.Random",
    "sklearn.utils.check_random_state",
)  # fmt: skip
"""Calls that make a generator or seed one, and draw nothing themselves."""

PASSES_ON = frozenset(
    {"permutation", "permuted", "shuffle", "choice", "sample", "choices", "randperm"}
)
"""Methods of a generator that put what they are given in another order."""

LEARNS = ("fit", "fit_transform", "fit_predict", "partial_fit", "fit_resample")
LEARNING_LIBRARIES = ("sklearn.", "imblearn.", "lightgbm.", "xgboost.", "catboost.")
TRAINS = (
    "lightgbm.train", "xgboost.train", "sklearn.model_selection.cross_val_score",
    "sklearn.model_selection.cross_validate", "sklearn.model_selection.cross_val_predict",
    "sklearn.model_selection.learning_curve", "sklearn.model_selection.validation_curve",
    "sklearn.model_selection.permutation_test_score",
)  # fmt: skip


def is_source(call: str) -> bool:
    """Whether a call of that dotted name brings data in."""
    return fits(call, SOURCES) or is_synthetic(call)


def is_synthetic(call: str) -> bool:
    """Whether a call of that dotted name draws random numbers."""
    is_other = is_generator(call) or call.rpartition(".")[2] in PASSES_ON
    return fits(call, SYNTHETIC) and not is_other


def is_generator(call: str) -> bool:
    """Whether a call of that dotted name makes a generator, or seeds one."""
    return fits(call, GENERATORS)


def is_sink(call: str) -> bool:
    """Whether a call of that dotted name learns."""
    library = call.startswith(LEARNING_LIBRARIES)
    return call in TRAINS or (library and call.rpartition(".")[2] in LEARNS)


DRAWS = DrawNames(is_synthetic, is_generator, PASSES_ON)


@lru_cache(4096)
def fits(call: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns fits the dotted name, a star within one of its parts."""
    parts = call.split(".")
    return any(
        len(parts) == len(wanted := pattern.split(".")) and all(map(fnmatchcase, parts, wanted))
        for pattern in patterns
    )
