"""The ontologies of ``whence.standards.vocabulary``, as the pages made from them read them."""

from __future__ import annotations

import re

from rdflib import OWL, Graph, URIRef

from whence.standards.vocabulary import terms

SUBJECT = re.compile(r"^(\w+):(\w+) a owl:(?:Class|ObjectProperty|DatatypeProperty)", re.MULTILINE)


def graph(*names: str) -> Graph:
    """What the named files of the vocabulary say; without a name, both ontologies."""
    said = Graph()
    for name in names or terms.ONTOLOGIES:
        said.parse(data=terms.text_of(name), format="turtle")
    return said


def declared(name: str) -> list[URIRef]:
    """The classes and properties of an ontology, in the order of its file, PROV's left out."""
    found = SUBJECT.findall(terms.text_of(name))
    return [URIRef(terms.PREFIXES[prefix] + local) for prefix, local in found if prefix != "prov"]


def short(iri: object) -> str:
    """The IRI with its prefix."""
    for prefix, namespace in {**terms.PREFIXES, "owl": str(OWL)}.items():
        if str(iri).startswith(namespace):
            return f"{prefix}:{str(iri)[len(namespace) :]}"
    return str(iri)
