"""Whatever a document says, it is taken in whole or refused with one error; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whence._base.errors import DocumentError
from whence.journal.home import create_store
from whence.service.exporting import whole
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.standards.prov.signature import SIGNATURES
from whence.standards.prov.statement import PROV, XSD, Document, Literal, Name, Statement
from whence.standards.record.names import ATTRIBUTE, CONTENT, ID, TAG, below
from whence.standards.record.outward import document_of
from whence.standards.vocabulary import terms

RUN = ID + "_01a1fe9a-1ada-702d-9498-babac080e527"
NAMES = st.sampled_from(
    [RUN, ID + "_short", CONTENT + "sha256-" + "0" * 64, "http://e.org/a", "http://e.org/b",
     below(RUN, "param", "lr"), below(RUN, "metric", "loss"), below("http://e.org/a", "gap", "x")]
)  # fmt: skip
CLASSES = [
    *terms.CLASSES.values(), terms.GAP, terms.RELATION, terms.HYPERPARAMETER_VALUE,
    terms.MODEL_EVALUATION, PROV + "Revision",
]  # fmt: skip
KEYS = st.sampled_from(
    [PROV + "type", PROV + "label", PROV + "value", PROV + "role", terms.DIGEST, terms.SIZE,
     terms.STATUS, terms.PATH, terms.OWNER, terms.KNOWN, terms.AT, terms.POINTS, terms.STEP,
     terms.COUNT, terms.PART_OF, terms.KIND, terms.GAP_CODE, terms.GAP_ACTIVITY, terms.SOURCE,
     ATTRIBUTE + "places", ATTRIBUTE + "_.FF", TAG + "_", "http://e.org/key"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1", "-1", "1e400", "NaN", "INF", "1" * 400, "[[1,2,3]]", "[[1]]", "{}",
                     "sha256:00", "2026-01-01T00:00:00Z", "9" * 30, "wA==", "oQ=="]),
)  # fmt: skip
DATATYPES = st.sampled_from(
    [XSD + "string", XSD + "integer", XSD + "double", XSD + "boolean", XSD + "dateTime",
     XSD + "base64Binary", terms.RDF + "JSON", terms.PACKED, "http://e.org/type"]
)  # fmt: skip
VALUES = st.one_of(
    st.builds(Literal, TEXTS, DATATYPES),
    st.builds(Name, st.sampled_from(CLASSES)),
    st.builds(Name, NAMES),
)
TIMES = st.sampled_from([None, "2026-01-01T00:00:00Z", "0001-01-01T00:00:00", "24", "9999-12-31"])


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    kind = draw(st.sampled_from(sorted(SIGNATURES)))
    arguments = tuple(
        draw(TIMES if one.names == "time" else st.one_of(st.none(), NAMES))
        for one in SIGNATURES[kind].arguments
    )
    name = draw(st.one_of(st.none(), NAMES))
    said = tuple(draw(st.lists(st.tuples(KEYS, VALUES), max_size=5)))
    return Statement(
        kind, name, arguments, said, draw(st.sampled_from(["", "http://e.org/bundle"]))
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create_store(tmp_path_factory.mktemp("hostile") / ".whence")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(statements(), max_size=6))
def test_any_statements_are_taken_whole_or_refused(store: Path, said: list[Statement]) -> None:
    with open_store(store) as index:
        try:
            import_document(store, index, Document(said))
        except DocumentError:
            return
    with open_store(store) as index:
        assert not any(one.code == "unreadable" for one in index.gaps())
        for _ in document_of(whole(index)).statements:
            pass
