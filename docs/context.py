"""The JSON-LD context of the vocabulary, made from its ontologies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef

from docs.ontology import declared, graph, short
from whence.standards.vocabulary import terms

FILE = Path(terms.__file__).parent / terms.CONTEXT

KNOWN = URIRef(terms.KNOWN)

PROV_CLASSES = (
    "Entity", "Activity", "Agent", "Plan", "Bundle", "Collection", "Location", "Person",
    "SoftwareAgent", "Association", "Attribution", "Communication", "Delegation", "Derivation",
    "Generation", "Influence", "Usage",
)  # fmt: skip
PROV_LINKS = (
    "used", "wasGeneratedBy", "wasInformedBy", "wasDerivedFrom", "wasAttributedTo",
    "wasAssociatedWith", "actedOnBehalfOf", "wasInfluencedBy", "wasStartedBy", "wasEndedBy",
    "wasInvalidatedBy", "wasRevisionOf", "wasQuotedFrom", "hadPrimarySource", "specializationOf",
    "alternateOf", "hadMember", "hadPlan", "hadRole", "agent", "activity", "entity",
    "qualifiedAssociation", "qualifiedUsage", "qualifiedGeneration", "qualifiedDerivation",
)  # fmt: skip
PROV_TIMES = ("startedAtTime", "endedAtTime", "atTime", "generatedAtTime")


def text() -> str:
    """The context as its file has it."""
    return json.dumps({"@context": context()}, indent=2) + "\n"


def context() -> dict[str, Any]:
    """The JSON-LD context: a term for each class and property.

    Where two vocabularies have the same word it is PROV's, then Whence's; in the other one it is
    written with its prefix.
    """
    found: dict[str, Any] = {"@version": 1.1, **terms.PREFIXES, "id": "@id", "type": "@type"}
    found["label"] = "rdfs:label"
    found |= {name: f"prov:{name}" for name in PROV_CLASSES}
    found |= {name: {"@id": f"prov:{name}", "@type": "@id"} for name in PROV_LINKS}
    found |= {name: {"@id": f"prov:{name}", "@type": "xsd:dateTime"} for name in PROV_TIMES}
    found["value"] = "prov:value"
    said = graph()
    for name in reversed(terms.ONTOLOGIES):
        for iri in declared(name):
            word, term = short(iri).partition(":")[2], _term(said, iri)
            if word not in found:
                found[word] = term
            elif term != short(iri):
                found[short(iri)] = term
    for value in sorted(terms.KNOWN_VALUES.values()):
        found[short(value).partition(":")[2]] = short(value)
    return found


def _term(said: Graph, iri: URIRef) -> str | dict[str, str]:
    if (iri, RDF.type, OWL.ObjectProperty) in said:
        return {"@id": short(iri), "@type": "@vocab" if iri == KNOWN else "@id"}
    range_ = said.value(iri, RDFS.range)
    if (iri, RDF.type, OWL.DatatypeProperty) in said and range_ not in (None, XSD.string):
        return {"@id": short(iri), "@type": short(range_)}
    return short(iri)
