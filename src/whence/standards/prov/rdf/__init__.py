"""PROV-O: statements as RDF, in Turtle, TriG and N-Quads, and as quads for a store.

What RDF by PROV-O can't hold. Refused in writing, with a DocumentError:

* a name that is no absolute IRI (no name is ever changed), half a character, a language or blank
  node that RDF has no spelling for; a bundle in Turtle;
* an id or attributes of alternateOf, specializationOf, hadMember and mentionOf, or one of these
  without both its things;
* an attribute that would read as a statement: prov:used with a name for its value, or the
  prov:type prov:Usage. PROV-Dictionary is refused in reading too.

Held, but told in another way:

* A language is in small letters; INF and NaN of a double have XSD's spelling.
* An attribute named rdf:type, rdfs:label, prov:atLocation or prov:hadRole reads as PROV-DM's of the
  same meaning. A prov:type that only says of what kind the statement is, is not kept; one that says
  an element is of another kind of element makes it that element too. A bundle's description within
  itself does not say again that it is a prov:Bundle.
* N-Quads has no prefixes.
* In RDF of others, or out of a store, two relations with one id are one node. It reads as a
  relation for each way to choose among its values. A plain property beside a qualified relation of
  the same two things says nothing more. Our own files keep all apart by the order of their lines.
"""

from whence.standards.prov.rdf.nquads import NQuads, project
from whence.standards.prov.rdf.trig import Trig
from whence.standards.prov.rdf.turtle import Turtle

__all__ = ["NQuads", "Trig", "Turtle", "project"]
