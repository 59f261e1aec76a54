"""Long documents are written as their statements come, and hold what short ones do."""

import io
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.many_runs import make
from whence._base.errors import DocumentError
from whence.service.exporting import whole
from whence.service.index import open_index
from whence.standards.format import named
from whence.standards.prov import ahead
from whence.standards.prov.statement import Document, Literal, Name, Statement
from whence.standards.record.excerpt import Excerpt
from whence.store.protocol import Described

FLOWING = ["turtle", "trig", "nquads", "prov-json", "prov-jsonld", "prov-n"]
EX = "http://example.org/"
ODD = "https://example.com/runs/7?a=b#c"


def document() -> Document:
    """Statements of several kinds, bundles between them, and a name that needs a prefix late."""
    told = [Statement("entity", f"{EX}e{n}", (), ((EX + "n", Literal(str(n))),)) for n in range(50)]
    told += [Statement("activity", f"{EX}a", (None, None), ())]
    told += [Statement("used", None, (f"{EX}a", f"{EX}e{n}", None), ()) for n in range(50)]
    told += [Statement("entity", f"{EX}in{n}", (), (), f"{EX}bundle") for n in range(9)]
    told += [Statement("entity", ODD, (), ((EX + "of", Name("urn:x:y")),))]
    return Document(told, {"ex": EX}, [f"{EX}empty"], distinct=True)


def written(format: str, one: Document) -> bytes:
    out = io.BytesIO()
    named(format)._made.write(one, out)
    return out.getvalue()


@pytest.mark.parametrize("format", ["prov-json", "prov-jsonld", "prov-n"])
def test_a_document_that_flows_says_what_one_that_is_held_says(format, monkeypatch):
    held = written(format, document())
    monkeypatch.setattr(ahead, "HELD_BYTES", 100)
    monkeypatch.setattr(ahead, "PIECE_BYTES", 100)
    flown = written(format, document())
    assert flown != held
    again = [named(format).read(io.BytesIO(one)) for one in (held, flown)]
    assert Counter(again[0].statements) == Counter(again[1].statements)
    assert set(again[0].bundles) == set(again[1].bundles) == {f"{EX}empty"}


def test_a_name_that_no_prefix_is_left_for_is_refused_and_never_changed(monkeypatch):
    monkeypatch.setattr(ahead, "HELD_BYTES", 100)
    odd = Document([*document().statements, Statement("entity", "what:is/this")], {"ex": EX})
    with pytest.raises(DocumentError, match="at its beginning, which is written already"):
        written("prov-n", odd)


def test_ids_that_were_promised_to_be_distinct_and_are_not_are_refused(monkeypatch):
    monkeypatch.setattr(ahead, "HELD_BYTES", 100)
    twice = [Statement("entity", f"{EX}e", (), ((EX + "n", Literal(str(n))),)) for n in range(50)]
    with pytest.raises(DocumentError, match="comes twice under one id"):
        written("prov-json", Document(twice, {"ex": EX}, distinct=True))
    assert (
        len(named("prov-json").read(io.BytesIO(written("prov-json", Document(twice)))).statements)
        == 50
    )


class Reading:
    """A store that counts the nodes that were read from it."""

    def __init__(self, store) -> None:
        self._store, self.count = store, 0

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def described(self, numbers) -> dict[int, Described]:
        self.count += len(numbers)
        return self._store.described(numbers)


class Taker(io.RawIOBase):
    """Notes how much had been read when the first byte came, and how many bytes came."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self.first, self.size = reading, -1, 0

    def write(self, data, /) -> int:
        if data and self.first < 0:
            self.first = self._reading.count
        self.size += len(data)
        return len(data)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("many"), 1_000)


@pytest.mark.parametrize("format", FLOWING)
def test_the_first_piece_of_a_whole_store_comes_before_it_is_all_read(format, store, monkeypatch):
    monkeypatch.setattr(ahead, "HELD_BYTES", 1 << 19)
    with open_index(store) as opened:
        reading = Reading(opened)
        out = Taker(reading)
        excerpt: Excerpt = whole(reading)
        named(format).export(excerpt, out)
        assert reading.count == len(excerpt) > 3_000
        assert 0 < out.first < len(excerpt) / 2
        assert out.size > 1 << 20
