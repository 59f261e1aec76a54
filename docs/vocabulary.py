"""Write what the ontologies say into the documentation: ``python -m docs.vocabulary``.

Makes ``docs/reference/prov-ml.md`` and the JSON-LD context from the Turtle files of
``whence.standards.vocabulary``. A test proves that both are up to date.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Node, URIRef
from rdflib.namespace import DCTERMS

from docs import context
from docs.generated import table
from docs.ontology import declared, graph, short
from whence.model.kind import ACTIVITY_TERMS, AGENT_TERMS, ENTITY_TERMS
from whence.standards.vocabulary import terms

PAGE = Path(__file__).parent / "reference" / "prov-ml.md"

CITATION, RETROSPECTIVE = DCTERMS.bibliographicCitation, URIRef(terms.PROVML + "retrospective")


def main() -> None:
    context.FILE.write_text(context.text(), "utf-8")
    PAGE.write_text(page(), "utf-8")


HEAD = """# PROV-ML

PROV-ML is a vocabulary for the provenance of machine learning by Souza et al. Its authors printed
the names and a diagram, but no file and no namespace. Whence publishes it as an OWL ontology on
[PROV-O](https://www.w3.org/TR/prov-o/) and ML-Schema, in our own words, with extensions for what
PROV-ML has no name for.

| prefix | namespace | file |
| --- | --- | --- |
| `provml` | `https://w3id.org/prov-ml#` | `prov-ml.ttl` |
| `whence` | `https://w3id.org/whence#` | `whence.ttl` |
| `mls` | `http://www.w3.org/ns/mls#` | ML-Schema, not ours |

The redirects of w3id.org are to be registered: the IRIs name things, but do not resolve yet. The
files come with the package, and with them SHACL shapes (`shapes.ttl`) and a JSON-LD context
(`context.jsonld`):

```python
from importlib.resources import files

ontology = files("whence.standards.vocabulary").joinpath("prov-ml.ttl").read_text("utf-8")
```

This page is made from those files by `python -m docs.vocabulary`.
"""

DIFFERENCES = """The papers name no `prov:Plan`. Their diagram joins an execution to its plan by
`prov:wasDerivedFrom`, which joins entities only, and a listing by `prov:wasInfluencedBy`. Here a
plan is a `prov:Plan`, and an execution names it by `prov:hadPlan` on a qualified association. The
diagram also joins plans by relations that PROV keeps for activities; these have names of their own
here.

In Whence a project and an experiment are activities with runs as parts. They can't be of the
classes `provml:Study` and `provml:LearningExperiment`, which are plans: so they have classes of
Whence's own, close to the processes that ML-Schema has.

The properties `referred`, `defines` and `wasInStore` of the first version are not in the second,
and so not here."""

SOURCES = """## Sources

- Souza et al. 2021: R. Souza et al., Workflow Provenance in the Lifecycle of Scientific Machine
  Learning, Concurrency and Computation: Practice and Experience 34(14), e6544
  ([doi](https://doi.org/10.1002/cpe.6544), [arXiv 2010.00330](https://arxiv.org/abs/2010.00330)).
  The second version of PROV-ML, which this ontology follows.
- Souza et al. 2019: R. Souza et al., Provenance Data in the Machine Learning Lifecycle in
  Computational Science and Engineering, WORKS 2019
  ([arXiv 1910.04223](https://arxiv.org/abs/1910.04223)). The first version.
- Azevedo et al. 2023: L. G. Azevedo et al., on HKPoly, Journal of the Brazilian Computer Society.
  The part on data lakes.
- ML-Schema: the report of the W3C community group, 2016.

"Stated" in the tables below means that the paper itself equates the two classes; all other links
to ML-Schema are our reading, from the names and their definitions.
"""


def page() -> str:
    said = graph()
    provml, whence = (declared(name) for name in terms.ONTOLOGIES)
    parts = [HEAD, SOURCES]
    parts.append(_classes(said, "Classes of PROV-ML", provml, with_source=True))
    parts.append(_properties(said, "Properties of PROV-ML", provml))
    parts.append(_scope_notes(said))
    parts.append(_classes(said, "Classes of Whence", whence))
    parts.append(_properties(said, "Properties of Whence", whence))
    parts.append(_kinds())
    parts.append(_shapes())
    parts.append(_differences(said, provml))
    return "\n".join(parts)


def _classes(said: Graph, heading: str, iris: list[URIRef], *, with_source: bool = False) -> str:
    headings = ["class", "meaning", "below", "retrospective", "alignment", "source"]
    rows = [
        [_code(iri), said.value(iri, SKOS.definition), _codes(_parents(said, iri)),
         _codes(said.objects(iri, RETROSPECTIVE)), _ml_schema(said, iri),
         said.value(iri, CITATION)]
        for iri in iris
        if (iri, RDF.type, OWL.Class) in said
    ]  # fmt: skip
    if not with_source:
        headings, rows = _without(headings, rows, 3, 5)
    return f"## {heading}\n\n{table(headings, rows)}\n"


def _without(headings: list[str], rows: list[list[Any]], *places: int) -> tuple[list[str], Any]:
    kept = [number for number in range(len(headings)) if number not in places]
    return [headings[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _parents(said: Graph, iri: URIRef) -> list[Node]:
    return [parent for parent in said.objects(iri, RDFS.subClassOf) if parent != OWL.Thing]


def _ml_schema(said: Graph, iri: URIRef) -> str:
    words = {
        OWL.equivalentClass: "equal to {} (stated)",
        SKOS.closeMatch: "close to {}",
        SKOS.relatedMatch: "related to {}",
    }
    return ", ".join(
        text.format(_code(other))
        for predicate, text in words.items()
        for other in sorted(map(str, said.objects(iri, predicate)))
    )


def _properties(said: Graph, heading: str, iris: list[URIRef]) -> str:
    rows = [
        [_code(iri), said.value(iri, SKOS.definition), _codes(said.objects(iri, RDFS.domain)),
         _codes(said.objects(iri, RDFS.range)), _codes(said.objects(iri, RDFS.subPropertyOf))]
        for iri in iris
        if (iri, RDF.type, OWL.Class) not in said
    ]  # fmt: skip
    return f"## {heading}\n\n{table(['property', 'meaning', 'from', 'to', 'below'], rows)}\n"


def _scope_notes(said: Graph) -> str:
    rows = [
        (_code(iri), note) for iri, note in sorted(said.subject_objects(SKOS.scopeNote), key=str)
    ]
    return (
        f"PROV-ML says the rest with properties of PROV-O:\n\n{table(['property', 'use'], rows)}\n"
    )


def _kinds() -> str:
    rows = [
        (f"`{kind}`", _code(terms.class_of(kind)), _code(terms.mls_of(kind)))
        for kind in (*ACTIVITY_TERMS, *ENTITY_TERMS, *AGENT_TERMS)
    ]
    stages = ", ".join(f"`{name}`: {_code(iri)}" for name, iri in terms.STAGE_CLASSES.items())
    others = ", ".join(_code(iri) for iri in terms.OTHER_CLASSES.values())
    return f"""## The class of each kind

Each kind has one class of its own, so the kind can be read back from the class. A node may have
the class of ML-Schema as one more type.

{table(["kind", "class", "also"], rows)}

A stage of one of these names has a class of its own: {stages}. A kind of your own has the class
{others}, and its name in `whence:kind`.
"""


def _shapes() -> str:
    said = graph(terms.SHAPES)
    rows = []
    for shape in sorted(said.subjects(RDF.type, SH.NodeShape), key=str):
        found = [said.value(shape, SH.message)]
        found += [said.value(one, SH.message) for one in said.objects(shape, SH.property)]
        messages = sorted({str(message) for message in found if message is not None})
        rows.append((f"`{str(shape).partition('#')[2]}`", " ".join(messages)))
    text = "Valid PROV-O in which what Whence says is whole. SHACL core, without SPARQL."
    return f"## Shapes\n\n{text}\n\n{table(['shape', 'what holds'], rows)}\n"


def _differences(said: Graph, iris: list[URIRef]) -> str:
    found: dict[str, list[URIRef]] = {}
    for iri in iris:
        for comment in said.objects(iri, RDFS.comment):
            if str(comment).startswith("Differs: "):
                text = " ".join(str(comment).removeprefix("Differs: ").split())
                found.setdefault(text, []).append(iri)
    rows = [(_codes(of), text[0].upper() + text[1:]) for text, of in found.items()]
    changed = [
        (_code(iri), said.value(iri, SKOS.changeNote))
        for iri in iris
        if said.value(iri, SKOS.changeNote)
    ]
    return f"""## Where we differ from the papers, and why

{DIFFERENCES}

{table(["here", "how and why"], rows)}

What the second version of PROV-ML changed from the first:

{table(["class", "change"], changed)}
"""


def _code(iri: object) -> str:
    return f"`{short(iri)}`" if iri else ""


def _codes(iris: Iterable[Node]) -> str:
    return ", ".join(_code(iri) for iri in sorted(map(str, iris)))


if __name__ == "__main__":
    main()
