"""What methods and functions of libraries do to their objects, by their names."""

from __future__ import annotations

import ast

from whence.analysis.notebook.unit import AGAIN, FIT

FITS = frozenset({"fit", "fit_transform", "fit_predict", "fit_resample"})

_ALWAYS = frozenset(
    {"append", "extend", "insert", "pop", "popitem", "popleft", "appendleft", "setdefault",
     "update", "partial_fit", "step", "backward", "zero_grad", "load_state_dict", "set_params",
     "writelines", "heappush", "shuffle", "readline", "readlines", "read", "fetchone", "fetchmany",
     "learn_one", "discard", "subtract", "rotate", "executemany"}
)  # fmt: skip
_WHEN_BARE = frozenset({"sort", "reverse", "clear", "add", "remove", "write", "train", "seed"})
_AGAIN = frozenset(
    {"update", "add", "discard", "setdefault", "sort", "clear", "set_params", "load_state_dict",
     "fillna", "dropna", "drop_duplicates", "sort_values", "sort_index", "replace", "rename_axis",
     "reset_state", "train", "eval", "seed", "clip", "compile", "eval_"}
)  # fmt: skip
_PURE = frozenset(
    {"head", "tail", "describe", "info", "show", "plot", "hist", "display", "savefig", "predict",
     "transform", "score", "summary", "dump", "save", "count", "sample", "print", "bar", "barh",
     "scatter", "boxplot", "imshow", "tight_layout", "legend", "flush", "format", "pivot_table",
     "groupby", "corr", "value_counts", "nunique", "unique", "mean", "sum", "copy", "keys",
     "values", "items", "close", "commit", "display_html", "memory_usage", "get_params", "glimpse"}
)  # fmt: skip
_PURE_STARTS = ("to_", "get_", "is_", "has_", "plot", "print", "write_", "sink_", "predict")

_CHANGED_FIRST = frozenset(
    {"shuffle", "heappush", "heappop", "heapify", "insort", "insort_left", "insort_right",
     "copyto", "putmask", "place", "put", "fill_diagonal", "setattr", "delattr", "next", "anext"}
)  # fmt: skip

_SEEDS = frozenset({"seed", "manual_seed", "set_state", "setstate", "set_random_seed", "set_seed"})
_NO_DRAW = frozenset(
    {"default_rng", "RandomState", "Generator", "SeedSequence", "Random", "SystemRandom",
     "get_state", "getstate", "PCG64", "Philox", "MT19937", "BitGenerator"}
)  # fmt: skip
_DRAWING = frozenset({"train_test_split", "resample", "sample", "make_classification",
     "make_regression", "make_blobs", "make_moons", "make_circles", "shuffle"})  # fmt: skip
_TORCH = ("torch.rand", "torch.normal", "torch.bernoulli", "torch.multinomial")

_DRAWING_MODELS = (
    *("RandomForest", "ExtraTree", "GradientBoosting", "MLP", "SGD", "KMeans", "MiniBatch"),
    *("DecisionTree", "Bagging", "AdaBoost", "IsolationForest", "TSNE", "NMF", "FastICA"),
    *("DictionaryLearning", "TruncatedSVD", "Randomized", "LatentDirichlet", "GaussianMixture"),
    *("BayesianGaussianMixture", "ShuffleSplit", "StratifiedShuffle", "RBFSampler", "Nystroem"),
    *("GaussianRandom", "SparseRandom", "Perceptron", "PassiveAggressive", "LinearSVC", "RANSAC"),
    *("BernoulliRBM", "QuantileTransformer", "IterativeImputer", "SpectralClustering"),
)
"""Starts of the names of classes that draw random numbers when they are fitted."""


def draws_when_fitted(value: ast.AST) -> bool:
    """Whether what is made has no random state of its own and draws from the global one."""
    return any(
        isinstance(one, ast.Call)
        and _last(one.func).startswith(_DRAWING_MODELS)
        and not any(keyword.arg in ("random_state", "rng", None) for keyword in one.keywords)
        for one in ast.walk(value)
    )


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


GENERATORS = frozenset({"default_rng", "RandomState", "Random", "Generator"})
SPENT_CALLS = frozenset({"iter", "map", "filter", "zip", "enumerate", "reversed", "open", "count"})


def change_of(method: str, call: ast.Call, is_bare: bool, is_shown: bool) -> str | None:
    """How ``x.method(...)`` changes x: ``""`` for just so, None for not at all.

    ``is_bare`` says that the result is not used, ``is_shown`` that it ends a cell.
    """
    if method in FITS:
        return FIT
    inplace = any(
        one.arg == "inplace" and isinstance(one.value, ast.Constant) and one.value.value is True
        for one in call.keywords
    )
    again = AGAIN if method in _AGAIN or method.startswith("set_") else ""
    if inplace or method in _ALWAYS:
        return again
    if method.endswith("_") and not method.startswith("_"):
        return again  # as PyTorch names what works in place
    if not is_bare:
        return None
    if method in _WHEN_BARE or method.startswith(("set_", "add_")):
        return again
    if is_shown or method in _PURE or method.startswith(_PURE_STARTS):
        return None
    return again


def changes_first(name: str) -> bool:
    """Whether a function of that name changes its first argument."""
    return name in _CHANGED_FIRST


def random_of(dotted: str, call: ast.Call) -> str:
    """What a call does with the global random state: ``seeds``, ``draws``, or nothing."""
    last = dotted.rpartition(".")[2]
    if last in _SEEDS and ("random" in dotted or "torch" in dotted or "keras" in dotted):
        return "seeds"
    if f".{dotted}".rpartition(".")[0].endswith(".random") or dotted.startswith(_TORCH):
        return "" if last in _NO_DRAW else "draws"
    if last in _DRAWING and not any(
        one.arg in ("random_state", "rng", "seed", None) for one in call.keywords
    ):
        return "draws"
    return ""
