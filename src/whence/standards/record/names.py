"""The IRIs of things of the record, and back.

A node is named by its id under ``https://w3id.org/whence/id/``, content by its digest; what came
from a foreign document keeps the IRI it had there. Parameters and metrics, which are no nodes in
the record, are named after the node they belong to. What follows the namespace is a name in every
format, XML's included: it begins with a letter or ``_`` and has letters, digits, ``_``, ``-`` and
``.`` alone.
"""

from __future__ import annotations

import re

from whence._base.ids import CONTENT_PREFIX, derived_id, format_id, parse_id

ID = "https://w3id.org/whence/id/"
CONTENT = "https://w3id.org/whence/content/"
ATTRIBUTE = "https://w3id.org/whence/attribute/"
TAG = "https://w3id.org/whence/tag/"

PARAM, METRIC, GAP, RELATION = "param", "metric", "gap", "relation"
PARTS = (PARAM, METRIC, GAP, RELATION)

NAMESPACES = {"id": ID, "content": CONTENT, "attribute": ATTRIBUTE, "tag": TAG}

_MARK = "_"
_SHA256 = "sha256-"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
_OTHER = re.compile(rb"[^A-Za-z0-9-]")
_ESCAPED = re.compile(rb"\.([0-9A-F]{2})")


def iri_of(uid: bytes, foreign: object = None) -> str:
    """The IRI of a node; ``foreign`` is the one it has from elsewhere, if any."""
    if isinstance(foreign, str) and foreign:
        return foreign
    text = format_id(uid)
    if text.startswith(CONTENT_PREFIX):
        return CONTENT + _SHA256 + text[len(CONTENT_PREFIX) :]
    return ID + _MARK + text


def uid_of(iri: str) -> bytes:
    """The id of the node that an IRI names; a foreign IRI gives the same id wherever it is read."""
    own = _own(iri)
    return derived_id("iri", iri) if own is None else own


def is_ours(iri: str) -> bool:
    """Whether the IRI names a node by its id."""
    return _own(iri) is not None


def _own(iri: str) -> bytes | None:
    if iri.startswith(ID + _MARK):
        return parse_id(iri[len(ID) + len(_MARK) :])
    if iri.startswith(CONTENT + _SHA256):
        return parse_id(CONTENT_PREFIX + iri[len(CONTENT) + len(_SHA256) :])
    return None


def below(owner: str, part: str, key: str) -> str:
    """The IRI of a part (a parameter, metric, gap) of the node that ``owner`` names."""
    return f"{owner}..{part}..{spelled(key)}"


def owner_of(iri: str, part: str) -> str:
    """The IRI of the node that `below` was given; empty where the IRI names no such part."""
    owner, found, _ = iri.rpartition(f"..{part}..")
    return owner if found else ""


def is_below(iri: str) -> bool:
    """Whether the IRI is one that `below` gives."""
    return any(f"..{part}.." in iri for part in PARTS)


def key_iri(namespace: str, key: str) -> str:
    """The IRI of an attribute's or a tag's key; a key that is an IRI is itself."""
    if key.startswith(("http://", "https://", "urn:")):
        return key
    return namespace + spelled(key)


def key_of(namespace: str, iri: str) -> str | None:
    """The key that `key_iri` made; None when it did not make this IRI."""
    if not iri.startswith(namespace):
        return None
    text = iri[len(namespace) :]
    if _PLAIN.match(text):
        return text
    raw = text.removeprefix(_MARK).encode("utf-8", "surrogatepass")
    raw = _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), raw)
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def spelled(key: str) -> str:
    """Any text as a name: bytes other than letters, digits and ``-`` as ``.`` and two digits.

    >>> spelled("max_depth"), spelled("lr"), spelled("1st try")
    ('_max.5Fdepth', 'lr', '_1st.20try')
    """
    if _PLAIN.match(key):
        return key
    raw = key.encode("utf-8", "surrogatepass")
    return _MARK + _OTHER.sub(lambda match: b".%02X" % match[0][0], raw).decode("ascii")
