"""What a document says of one thing, gathered over all its statements."""

from __future__ import annotations

from typing import Any

import msgspec

from whence._base.errors import DocumentError
from whence.model.kind import NodeType
from whence.standards.prov.statement import Name, Value
from whence.standards.record import outward
from whence.standards.record.excerpt import PLACES
from whence.standards.record.literal import value_of
from whence.standards.record.names import ATTRIBUTE, TAG, key_of
from whence.standards.vocabulary import terms

TYPES = {"entity": NodeType.ENTITY, "activity": NodeType.ACTIVITY, "agent": NodeType.AGENT}
"""The type of node that each kind of element is."""

_PARTS = frozenset({terms.GAP, terms.RELATION, terms.HYPERPARAMETER_VALUE, terms.MODEL_EVALUATION})
_HELD = frozenset(
    {
        outward.LABEL, terms.KIND, terms.DIGEST, terms.SIZE, terms.STATUS, terms.OWNER,
        terms.PART_OF, terms.IN_GROUP,
    }
)  # fmt: skip
"""What a node of the record has a place of its own for."""


class Element(msgspec.Struct):
    """One thing: its type, when it was, what is said of it, and the bundles that speak of it."""

    type: NodeType
    started: str | None = None
    ended: str | None = None
    attributes: dict[str, list[Value]] = msgspec.field(default_factory=dict)
    bundles: list[str] = msgspec.field(default_factory=list)

    def values(self, key: str) -> list[Value]:
        return self.attributes.get(key, [])

    def text(self, key: str) -> str:
        """The first value as text; empty without one."""
        found = self.values(key)
        return str(value_of(found[0])) if found else ""

    def names(self, *keys: str) -> list[str]:
        """The IRIs among the values."""
        return [one.iri for key in keys for one in self.values(key) if isinstance(one, Name)]

    def number(self, key: str) -> float | None:
        """The first value as a number; None without one. Raises DocumentError when it is none."""
        found = self.values(key)
        if not found:
            return None
        value = value_of(found[0])
        try:
            return value if isinstance(value, int) else float(value)
        except (TypeError, ValueError) as error:
            raise DocumentError(
                f"{str(value)[:60]!r} of {key} is no number; correct the document"
            ) from error

    def whole(self, key: str) -> int | None:
        """As `number`, without a fraction."""
        found = self.number(key)
        if found is None:
            return None
        try:
            return int(found)
        except (OverflowError, ValueError) as error:
            raise DocumentError(f"{found} of {key} is no count; correct the document") from error

    def is_part(self) -> bool:
        """Whether it is a parameter, metric or gap, which are no nodes of the record."""
        return not _PARTS.isdisjoint(self.names(outward.TYPE))

    def kind(self) -> str:
        """The kind that its class stands for; else the general one of its type."""
        own = self.text(terms.KIND)
        if own:
            return own
        for iri in self.names(outward.TYPE):
            kind = terms.kind_of(iri)
            if kind is not None and terms.class_of(kind, self.type) == terms.CLASSES.get(kind):
                return kind
        return self.type.term

    def digest(self) -> bytes | None:
        """Its SHA-256; None without one. Raises DocumentError when it is none."""
        text = self.text(terms.DIGEST)
        if not text:
            return None
        algorithm, _, digits = text.partition(":")
        try:
            raw = bytes.fromhex(digits)
        except ValueError:
            raw = b""
        if algorithm != "sha256" or len(raw) != 32:
            raise DocumentError(f"{text[:80]!r} is no digest (sha256:...); correct the document")
        return raw

    def said(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Its attributes and its tags; what the record has no word for stays under its IRI."""
        attributes: dict[str, Any] = {}
        tags: dict[str, Any] = {}
        for key, values in self.attributes.items():
            found = [value_of(value) for value in values]
            if (tag := key_of(TAG, key)) is not None:
                tags[tag] = found[0]
            elif (name := key_of(ATTRIBUTE, key)) is not None:
                attributes[name] = found[0]
            elif key == outward.TYPE:
                if others := [one for one in found if not _is_known(one)]:
                    attributes[key] = _one_or_all(others)
            elif key == terms.PATH:
                attributes[PLACES] = found
            elif key not in _HELD:
                attributes[key] = _one_or_all(found)
        if self.bundles:
            attributes["bundles"] = self.bundles
        return attributes, tags


def _one_or_all(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


def _is_known(iri: object) -> bool:
    """Whether the record's kind says this class already."""
    text = str(iri)
    return terms.kind_of(text) is not None or text.startswith((terms.MLS, terms.WHENCE))
