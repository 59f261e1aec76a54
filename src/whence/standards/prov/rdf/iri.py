"""Which names may stand in RDF: absolute IRIs (RFC 3987) and blank nodes.

A name that is neither is refused, never changed: percent-encoding ``a b`` would make it the same
thing as one called ``a%20b``. Refusing also keeps a hostile name from ending its term and adding
triples of its own.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from whence._base.errors import DocumentError

ANONYMOUS = "q-"
"""Begins the label of each blank node that stands for a relation without an id, before digits.

A given blank node whose label begins so is written with these letters once more, so the two never
meet; `given` takes them off.
"""

_UCS = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14)
)
_UCS += "\U000e1000-\U000efffd"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NAME = rf"A-Za-z0-9\-._~!$&'()*+,;={_UCS}"
_ESCAPE = "%[0-9A-Fa-f]{2}"
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://(?:(?:[{_NAME}:]|{_ESCAPE})*@)?(?:\[(?P<ip>[0-9A-Fa-f:.]+)\]|(?:[{_NAME}]|{_ESCAPE})*)"
    rf"(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"(?:[{_NAME}:@/]|{_ESCAPE})*"
    rf"(?:\?(?:[{_NAME}:@/?{_PRIVATE}]|{_ESCAPE})*)?"
    rf"(?:\#(?:[{_NAME}:@/?]|{_ESCAPE})*)?"
)
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")


def is_iri(name: str) -> bool:
    """Whether the name is an absolute IRI."""
    match = _IRI.fullmatch(name)
    if match is None:
        return False
    address = match.group("ip")
    return address is None or _is_address(address)


def iri(name: str) -> str:
    """The name, where it is an absolute IRI. Raises DocumentError where it is none."""
    if not is_iri(name):
        raise DocumentError(
            f"{_shown(name)} is no absolute IRI, so RDF can't hold it. "
            "Give a name with its scheme, and with other characters as %XX."
        )
    return name


def blank(name: str) -> str:
    """The blank node ``_:label`` as it is written. Raises DocumentError for another label."""
    label = name[2:]
    if not _LABEL.fullmatch(label):
        raise DocumentError(
            f"{_shown(name)} is no blank node that RDF can hold. "
            "Use letters, digits, '_', '-' and '.' after '_:', or an IRI."
        )
    return f"_:{ANONYMOUS}{label}" if label.startswith(ANONYMOUS) else name


def given(label: str) -> str:
    """A blank node's label as it was before `blank`."""
    twice = ANONYMOUS + ANONYMOUS
    return label.removeprefix(ANONYMOUS) if label.startswith(twice) else label


def _is_address(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _shown(name: str) -> str:
    return ascii(name if len(name) <= 120 else name[:120] + "...")
