"""Names made short and whole again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence._base.errors import DocumentError
from whence.standards.prov.prefixes import Scope, Shortener, UnknownName
from whence.standards.prov.statement import PROV, XSD

EX = "http://example.org/"


def test_a_name_takes_the_longest_namespace_that_fits() -> None:
    names = Shortener({"ex": EX, "run": EX + "run/", "x": "http://other.org/a"})
    assert names[EX + "a"] == "ex:a"
    assert names[EX + "run/a"] == "run:a"
    assert names[EX + "data/a"] == "ex:data/a"
    assert names["http://other.org/abc"] == "x:bc"
    assert names[PROV + "Plan"] == "prov:Plan"
    assert names[XSD + "int"] == "xsd:int"


def test_a_prefix_is_made_where_none_fits_and_passes_over_those_in_use() -> None:
    names = Shortener({"ns1": EX})
    assert names["http://other.org/ns#a"] == "ns2:a"
    assert names["http://other.org/ns#b"] == "ns2:b"
    assert names["urn:uuid:1"] == "ns3:1"
    assert names.prefixes == {
        "prov": PROV,
        "xsd": XSD,
        "ns1": EX,
        "ns2": "http://other.org/ns#",
        "ns3": "urn:uuid:",
    }


def test_the_default_namespace_gives_bare_names_where_they_can_be_read() -> None:
    names = Shortener({"": EX})
    assert names[EX + "a"] == "a"
    assert names[EX + "a:b"] == "ns1:a:b"
    assert names[EX] == "ns1:"


def test_prov_and_xsd_can_not_be_taken_for_something_else() -> None:
    names = Shortener({"prov": EX, "xsd": "http://www.w3.org/2001/XMLSchema"})
    assert names[EX + "a"] == "ns1:a"
    scope = Scope({"prov": EX, "xsd": "http://www.w3.org/2001/XMLSchema"})
    assert scope.expand("xsd:int") == XSD + "int"
    assert scope.expand("prov:Plan") == PROV + "Plan"


def test_blank_nodes_stay_as_they_are() -> None:
    assert Shortener({})["_:b1"] == "_:b1"
    assert Scope({}).expand("_:b1") == "_:b1"


def test_ever_new_namespaces_get_one_prefix_for_the_host() -> None:
    names = Shortener({})
    shorts = {names[f"http://example.org/run{n}/a"] for n in range(30_000)}
    assert len(shorts) == 30_000
    assert len(names.prefixes) < 110
    scope = Scope(names.prefixes)
    assert {scope.expand(short) for short in shorts} == {
        f"http://example.org/run{n}/a" for n in range(30_000)
    }
    assert len(names) <= 20_000


def test_no_whole_iri_no_short_name() -> None:
    with pytest.raises(DocumentError, match="The name 'model' is no whole IRI"):
        Shortener({})["model"]


def test_a_bundle_sees_the_prefixes_of_its_document() -> None:
    inner = Scope({"b": "http://b/"}, Scope({"a": "http://a/", "b": "http://c/", "": EX}))
    assert [inner.expand(name) for name in ("a:x", "b:x", "x")] == [
        "http://a/x",
        "http://b/x",
        EX + "x",
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "a name is empty"),
        ("bare", "'bare' has no prefix and there is no default namespace"),
        ("x:y", "the prefix of 'x:y' is not declared"),
    ],
)
def test_a_name_that_nothing_makes_whole_says_why(name: str, reason: str) -> None:
    with pytest.raises(UnknownName) as raised:
        Scope({}).expand(name)
    assert str(raised.value) == reason


def test_a_whole_iri_may_stand_for_a_name() -> None:
    scope = Scope({})
    assert scope.expand("https://example.org/a") == "https://example.org/a"
    assert scope.expand("urn:uuid:1") == "urn:uuid:1"


PREFIXES = st.dictionaries(
    st.sampled_from(["", "a", "b", "ns1", "ns2", "prov"]),
    st.sampled_from(["http://a/", "http://a/b#", "http://a/b", "urn:x:", "file:"]),
)
IRIS = st.tuples(
    st.sampled_from(["http://a/", "http://a/b#", "http://a/bc", "urn:x:", "file:///", "x:", "_:"]),
    st.text(max_size=8),
).map("".join)


@given(PREFIXES, st.lists(IRIS.filter(lambda iri: iri != "_:"), max_size=20))
def test_what_was_made_short_is_made_whole_again(prefixes: dict[str, str], iris: list[str]) -> None:
    names = Shortener(prefixes)
    shorts = [names[iri] for iri in iris]
    scope = Scope(names.prefixes)
    assert [scope.expand(short) for short in shorts] == iris


def test_many_prefixes_take_no_longer_to_find_one() -> None:
    names = Shortener({f"p{n}": f"http://example.org/{n}/" for n in range(20_000)})
    shorts = [names[f"http://example.org/{n}/deep/er/a"] for n in range(20_000)]
    assert shorts[-1] == "p19999:deep/er/a"
    assert len(names.prefixes) == 20_002
