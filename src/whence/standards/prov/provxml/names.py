"""Names in XML: which prefixes and local names it allows, and how others are written."""

from __future__ import annotations

import re

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"
"""XML Schema's namespace as XML has it; PROV's names have a # at its end."""

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_REST = _START + "0-9.\u00b7\u0300-\u036f\u203f\u2040-"
_NAME = re.compile(f"[{_START}][{_REST}]*")
_PREFIX = re.compile(r"(?!xml)[A-Za-z_][A-Za-z0-9_.-]*", re.IGNORECASE)
_FOREIGN = re.compile(f"^[^{_START}]|[^{_REST}]|_(?=x[0-9A-F]{{4}}(?:[0-9A-F]{{4}})?_)")
_ESCAPED = re.compile(r"_x([0-9A-F]{4}(?:[0-9A-F]{4})?)_")


def usable(prefix: str, namespace: str) -> bool:
    """Whether XML takes the prefix for the namespace."""
    return _PREFIX.fullmatch(prefix) is not None and namespace != XML_SCHEMA


def element_local(local: str) -> str:
    """The local name as part of an element's name."""
    if _NAME.fullmatch(local) and "_x" not in local:
        return local
    return _FOREIGN.sub(_escape, local)


def local_of(element_name: str) -> str:
    """The local name that is meant by an element's."""
    return _ESCAPED.sub(_unescape, element_name) if "_x" in element_name else element_name


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"_x{code:04X}_" if code <= 0xFFFF else f"_x{code:08X}_"


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
