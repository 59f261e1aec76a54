"""PROV-JSON of runs as an experiment has them, beside the `prov` library's build and serialise."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.row import Row
from whence.standards.prov.format import ProvFormat
from whence.standards.prov.provjson import ProvJson
from whence.standards.prov.statement import PROV, XSD, Document, Literal, Name, Statement

NAME = "PROV-JSON of 100,000 records, beside the prov library"

EX = "http://example.org/"
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PER_RUN = 8
JSON = ProvJson()


def run(quick: bool) -> list[Row]:
    """CPU time from facts in hand to bytes: the least of three, both in turn."""
    records = 10_000 if quick else 100_000
    ours_s, theirs_s = least_cpu_s([lambda: ours(records), lambda: theirs(records)])
    ratio = ours_s / theirs_s
    return [
        Row(
            what=f"PROV-JSON of {records:,} records",
            measured=f"{ours_s:.2f} s CPU",
            floor=f"prov, build + serialise: {theirs_s:.2f} s CPU",
            ratio=ratio,
            bar="at most 0.2 times",
            ok=ratio <= 0.2,
        )
    ]


def ours(records: int, format: ProvFormat = JSON) -> bytes:
    """The document as we write it, its statements made one by one."""
    out = io.BytesIO()
    format.write(Document(statements(records), {"ex": EX}), out)
    return out.getvalue()


def statements(records: int) -> Iterator[Statement]:
    """Runs, each with what it used and made."""
    began = BEGAN.isoformat()
    person = EX + "alice"
    for number in range(records // PER_RUN):
        run, data, model = f"{EX}run/{number}", f"{EX}data/{number}", f"{EX}model/{number}"
        epochs = (EX + "epochs", Literal(str(number), XSD + "int"))
        label = (PROV + "label", Literal(f"run {number}"))
        loss = (EX + "loss", Literal(repr(number / 7), XSD + "double"))
        yield Statement("activity", run, (began, began), (epochs, label))
        yield Statement("entity", data, (), ((EX + "sha256", Literal(f"{number:064x}")),))
        yield Statement("entity", model, (), ((PROV + "type", Name(EX + "Model")), loss))
        yield Statement("used", None, (run, data, began))
        yield Statement("wasGeneratedBy", None, (model, run, None))
        role = (PROV + "role", Literal("owner"))
        yield Statement("wasAssociatedWith", None, (run, person, None), (role,))
        yield Statement("wasDerivedFrom", None, (model, data, None, None, None))
        yield Statement("wasAttributedTo", None, (model, person))


def theirs(records: int) -> bytes:
    """The same document through the library's own calls."""
    out = io.BytesIO()
    built(records).serialize(out, format="json")
    return out.getvalue()


def built(records: int) -> Any:
    """The document as the `prov` library holds it."""
    from prov.model import ProvDocument

    document = ProvDocument()
    names = document.add_namespace("ex", EX)
    kind = names["Model"]
    for number in range(records // PER_RUN):
        run, data, model = f"ex:run/{number}", f"ex:data/{number}", f"ex:model/{number}"
        document.activity(run, BEGAN, BEGAN, {"ex:epochs": number, "prov:label": f"run {number}"})
        document.entity(data, {"ex:sha256": f"{number:064x}"})
        document.entity(model, {"prov:type": kind, "ex:loss": number / 7})
        document.used(run, data, BEGAN)
        document.wasGeneratedBy(model, run)
        document.wasAssociatedWith(run, "ex:alice", other_attributes={"prov:role": "owner"})
        document.wasDerivedFrom(model, data)
        document.wasAttributedTo(model, "ex:alice")
    return document


def least_cpu_s(functions: list[Callable[[], bytes]]) -> list[float]:
    """For each function the CPU time of one call: the least of three that take turns."""
    least = [float("inf")] * len(functions)
    for _ in range(3):
        for place, function in enumerate(functions):
            began = time.process_time()
            function()
            least[place] = min(least[place], time.process_time() - began)
    return least
