"""A feature that scikit-learn named is followed to the column that it was made of."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.columns import answers, run_of

pd = pytest.importorskip("pandas")
pytest.importorskip("sklearn")

COLUMNS = {"one": ["town", "home_town", "age", "pay"]}

HEAD = """
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler
"""

PROGRAMS = {
    "a transformer of parts": """
        X = source("one")
        cats, numbers = ["town", "home_town"], ["age", "pay"]
        ct = ColumnTransformer([
            ("cat", OneHotEncoder(sparse_output=False), cats),
            ("num", StandardScaler(), numbers),
        ]).set_output(transform="pandas")
        T = ct.fit_transform(X)
        sink(T)  #= cat__town_a: one.town; cat__home_town_b: one.home_town; num__age: one.age
        sink(ct.transform(X))  #= num__pay: one.pay; cat__town_b: one.town
    """,
    "names that are asked of the transformer": """
        X = source("one")
        ct = ColumnTransformer(
            transformers=[("cat", OneHotEncoder(), ["town"]), ("keep", "passthrough", ["pay"])],
            remainder="drop", sparse_threshold=0,
        )
        ct.fit(X)
        T = pd.DataFrame(ct.transform(X), columns=ct.get_feature_names_out())
        sink(T)  #= cat__town_a: one.town; keep__pay: one.pay
    """,
    "no prefixes": """
        ct = ColumnTransformer(
            [("cat", OneHotEncoder(sparse_output=False), ["home_town", "town"])],
            remainder="passthrough", verbose_feature_names_out=False,
        ).set_output(transform="pandas")
        sink(ct.fit_transform(source("one")))  #= home_town_a: one.home_town; age: one.age
    """,
    "the remainder": """
        ct = ColumnTransformer(
            [("cat", OneHotEncoder(sparse_output=False), ["home_town", "town"])],
            remainder="passthrough",
        ).set_output(transform="pandas")
        sink(ct.fit_transform(source("one")))  #= remainder__age: one.age; cat__town_a: one.town
    """,
    "pipelines in parts": """
        number = Pipeline([("fill", SimpleImputer()), ("scale", StandardScaler())])
        text = make_pipeline(SimpleImputer(strategy="most_frequent"),
                             OneHotEncoder(sparse_output=False))
        ct = ColumnTransformer([("n", number, ["age", "pay"]), ("t", text, ["home_town"])])
        ct.set_output(transform="pandas")
        sink(ct.fit_transform(source("one")))  #= n__pay: one.pay; t__home_town_a: one.home_town
    """,
    "made without names": """
        ct = make_column_transformer(
            (OneHotEncoder(sparse_output=False), ["town"]),
            (OneHotEncoder(sparse_output=False), ["home_town"]),
            (StandardScaler(), ["age"]),
        ).set_output(transform="pandas")
        T = ct.fit_transform(source("one"))
        sink(T)  #= onehotencoder-1__town_a: one.town; standardscaler__age: one.age
    """,
    "columns by a selector": """
        ct = ColumnTransformer([
            ("num", StandardScaler(), make_column_selector(dtype_include="number")),
        ]).set_output(transform="pandas")
        sink(ct.fit_transform(source("one")))  #= num__age: one.age
    """,
    "an encoder by itself": """
        X = source("one")
        enc = OneHotEncoder()
        A = enc.fit_transform(X[["home_town"]]).toarray()
        sink(pd.DataFrame(A, columns=enc.get_feature_names_out()))  #= home_town_a: one.home_town
    """,
    "powers and components": """
        X = source("one")[["age", "pay"]]
        P = PolynomialFeatures(2).set_output(transform="pandas").fit_transform(X)
        sink(P)  #= age pay: one.age one.pay; age^2: one.age; pay: one.pay
        C = PCA(1).set_output(transform="pandas").fit_transform(X)
        sink(C)  #= pca0: one.age one.pay
    """,
    "parts that are made at run time": """
        def parts():
            for name in ("age", "pay"):
                yield (name, StandardScaler(), [name])
        ct = ColumnTransformer(list(parts())).set_output(transform="pandas")
        sink(ct.fit_transform(source("one")))  #= age__age: ?
    """,
}


def _values() -> dict[str, object]:
    town = {"town": ["a", "b", "a"], "home_town": ["a", "b", "b"]}
    return {"one": pd.DataFrame({**town, "age": [1, 2, 3], "pay": [1.0, 2.0, 4.0]})}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_feature_is_made_of(title: str):
    run = run_of(HEAD + dedent(PROGRAMS[title]), _values())
    assert run.sinks
    found, wishes = answers(run, COLUMNS)
    assert found == wishes
