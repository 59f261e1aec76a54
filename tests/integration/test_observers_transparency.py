"""A program whose libraries are observed behaves as under plain Python, to the last byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
OBSERVED = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import importlib, io, pathlib
from tests.support import session as support
from whence.capture.process.importing import watch_imports
from whence.observers.files import FilesObserver
del sys.path[0]
session = support.make_session(pathlib.Path.cwd())
support.activate(session)
files = FilesObserver()
files.attach(io, session)
observers = []
def attach(library):
    def on_library(module):
        name = library.capitalize() + "Observer"
        observer = getattr(importlib.import_module("whence.observers." + library), name)()
        observer.attach(module, session)
        observers.append(observer)
    return on_library
libraries = ("pandas", "numpy", "joblib", "pickle", "sklearn", "torch")
watch_imports({{library: attach(library) for library in libraries}}, lambda path: None)
import atexit
from whence.capture.guard import failures
@atexit.register
def say_failures():
    if failures:
        print("whence failed:", failures)
"""

SKLEARN = """
import copy, pickle, sys, traceback, warnings
import numpy as np, pandas as pd, joblib
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import accuracy_score, classification_report, make_scorer, f1_score
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
"""

PROGRAMS = {
    "estimators are cloned, copied and pickled": SKLEARN
    + """
        X, y = load_iris(return_X_y=True)
        model = Pipeline([("scale", StandardScaler()), ("clf", LogisticRegression(C=0.3))])
        for other in (clone(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            print(other.fit(X, y).score(X, y), other.get_params()["clf__C"])
        joblib.dump(model.fit(X, y), "m.joblib")
        print(joblib.load("m.joblib").predict(X[:5]), model)
        print(pickle.loads(pickle.dumps(StandardScaler.fit)).__qualname__)
        print(pickle.loads(pickle.dumps(accuracy_score)) is accuracy_score)
        """,
    "searches and pipelines in parallel": SKLEARN
    + """
        X, y = make_classification(random_state=0)
        frame = pd.DataFrame(X[:, :3], columns=list("abc")).assign(d=np.where(y, "u", "v"))
        columns = ColumnTransformer([("n", StandardScaler(), ["a", "b"]),
                                     ("c", OneHotEncoder(), ["d"])])
        pipe = make_pipeline(columns, LogisticRegression())
        search = GridSearchCV(pipe, {"logisticregression__C": [0.1, 1.0]}, cv=3, n_jobs=2,
                              scoring=make_scorer(f1_score))
        search.fit(frame, y)
        print(search.best_params_, search.best_score_, search.cv_results_["mean_test_score"])
        print(cross_val_score(pipe, frame, y, cv=3, n_jobs=2))
        print(sorted(cross_validate(pipe, frame, y, cv=3, return_train_score=True)))
        forest = RandomForestClassifier(n_estimators=5, n_jobs=2, random_state=1).fit(X, y)
        print(forest.score(X, y), classification_report(y, forest.predict(X)))
        print(columns.set_output(transform="pandas").fit_transform(frame).head(2).to_string())
        """,
    "the user's own estimators travel to workers": SKLEARN
    + """
        class Mean(ClassifierMixin, BaseEstimator):
            def __init__(self, shift=0.0):
                self.shift = shift
            def fit(self, X, y):
                self.classes_ = np.unique(y)
                self.inner_ = LogisticRegression().fit(X, y)
                return self
            def predict(self, X):
                return self.inner_.predict(np.asarray(X) + self.shift)
        class Halve(TransformerMixin, BaseEstimator):
            def fit_transform(self, X, y=None):
                return np.asarray(X) / 2
            def fit(self, X, y=None):
                return self
            def transform(self, X):
                return np.asarray(X) / 2
        class Odd(BaseEstimator):
            __slots__ = ()
            def __init_subclass__(cls, **options):
                super().__init_subclass__()
                print("defined", cls.__name__, options)
            def fit(self, *data, **more):
                return sorted(more)
        class Odder(Odd, flag=1):
            pass
        def train(c, X, y):
            return Mean(c).fit(X, y).score(X, y)
        if __name__ == "__main__":
            X, y = make_classification(random_state=0)
            print(joblib.Parallel(n_jobs=2)(joblib.delayed(train)(c, X, y) for c in (0, 1, 2)))
            print(GridSearchCV(make_pipeline(Halve(), Mean()), {"mean__shift": [0, 5]}, cv=3,
                               n_jobs=2).fit(X, y).best_params_)
            print(Odder().fit(1, b=2, a=1), Mean.fit.__qualname__, Halve().fit_transform([[4]]))
            print(pickle.loads(pickle.dumps(Mean(2))).shift, Mean.__mro__[1].__name__)
        """,
    "what goes wrong looks the same": SKLEARN
    + """
        X, y = load_iris(return_X_y=True)
        for wrong in (
            lambda: LogisticRegression(C=-1).fit(X, y),
            lambda: LogisticRegression().fit(X),
            lambda: StandardScaler().fit_transform("text"),
            lambda: make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y[:3]),
            lambda: accuracy_score([1], [1, 2]),
            lambda: pd.read_csv("missing.csv"),
            lambda: pd.DataFrame({"a": [1]}).to_csv("no/such/folder.csv"),
            lambda: np.load("missing.npy"),
            lambda: np.fromfile("missing.bin"),
            lambda: pickle.load(3),
            lambda: pickle.dump(lambda: 1, open("x.pkl", "wb")),
            lambda: train_test_split(X, test_size=7.5),
        ):
            try:
                wrong()
            except Exception:
                traceback.print_exc()
        with open("mixed.csv", "w") as f:
            f.write("a\\n" + "1\\n" * 300000 + "x\\n" * 300000)
        pd.read_csv("mixed.csv", low_memory=True, parse_dates=["a"])
        LogisticRegression(max_iter=1).fit(X, y)
        SGDClassifier(max_iter=1, random_state=0).partial_fit(X, y, classes=[0, 1, 2])
        sys.stdout.flush()
        LogisticRegression(solver="none").fit(X, y)
        """,
    "readers and writers give what they gave": """
        import gzip, inspect, io, pickle
        import numpy as np, pandas as pd
        frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]})
        frame.to_csv("a.csv", index=False); frame.to_json("a.json"); frame.to_pickle("a.pkl.gz")
        frame["a"].to_csv("s.csv"); print(frame.to_csv(), frame.to_string(), frame.to_dict())
        print(pd.read_csv("a.csv"), pd.read_csv(io.StringIO("q\\n1")), pd.read_json("a.json"))
        print(pd.read_pickle("a.pkl.gz").equals(frame), pd.read_table("a.csv", sep=","))
        for chunk in pd.read_csv("a.csv", chunksize=2):
            print(chunk.shape)
        with open("a.csv") as f:
            print(pd.read_csv(f).dtypes)
        a = np.arange(6.0).reshape(2, 3)
        np.save("a", a); np.savez("z", a, b=a); np.savetxt("t.txt", a); a.tofile("raw.bin")
        print(np.load("a.npy"), dict(np.load("z.npz")), np.loadtxt("t.txt"), np.fromfile("raw.bin"))
        m = np.memmap("m.bin", dtype="f8", mode="w+", shape=(2,)); m[:] = 7; m.flush()
        print(np.memmap("m.bin", dtype="f8", mode="r"), type(np.load("a.npy", mmap_mode="r")))
        np.random.seed(0); print(np.random.rand(), np.random.default_rng(1).random())
        with gzip.open("p.gz", "wb") as f:
            pickle.dump({"k": a}, f)
        with gzip.open("p.gz") as f:
            print(pickle.load(f))
        print(inspect.signature(pd.read_csv), inspect.signature(pickle.dump))
        print(pickle.loads(pickle.dumps(pickle.dump)).__name__, np.fromfile.__name__)
        print(pickle.loads(pickle.dumps(np.save)) is np.save, pd.read_csv.__module__)
        """,
}


def run(folder: Path, prelude: str, program: str) -> subprocess.CompletedProcess[str]:
    home = folder / "home"
    home.mkdir()
    (home / "prelude.py").write_text(prelude)
    (home / "program.py").write_text("import prelude\n" + dedent(program.lstrip("\n")))
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=home, capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    home.rename(folder / ("observed" if prelude else "plain"))
    return done


@pytest.mark.parametrize("name", PROGRAMS)
def test_observed_and_plain_say_the_same(tmp_path: Path, name: str) -> None:
    program = PROGRAMS[name]
    if program.startswith(SKLEARN):
        program = SKLEARN + dedent(program.removeprefix(SKLEARN))
    plain, observed = (run(tmp_path, prelude, program) for prelude in ("", OBSERVED))
    assert plain.stdout or plain.stderr
    assert observed.stdout == plain.stdout
    assert observed.stderr == plain.stderr
    assert observed.returncode == plain.returncode
