"""What several formats can't hold, said once: pairs of the concept and the reason."""

from __future__ import annotations

Limits = tuple[tuple[str, str], ...]

UNIDENTIFIED_LIMIT = (
    "ids and attributes of alternateOf, specializationOf, hadMember and mentionOf",
    "PROV-DM gives them none; the document is refused",
)
ORDER_LIMIT = (
    "order of attributes",
    "attributes come back by name; those of one name keep their order",
)
LANGUAGE_LIMIT = (
    "case of language tags",
    "RDF takes them for equal; they come back in small letters",
)
