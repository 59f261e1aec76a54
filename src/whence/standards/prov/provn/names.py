"""Spells IRIs as PROV-N's qualified names, and makes prefixes for those that have none."""

from __future__ import annotations

import re

from whence._base.errors import DocumentError
from whence.standards.prov.provn import lexer
from whence.standards.prov.provn.reader import RESERVED

_TO_ESCAPE = re.compile(rf"[{lexer.ESCAPED}]")
_INNER_DASH_OR_DOT = re.compile(r"(?<=.)\\([-.])(?=.)", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./\-]*[A-Za-z0-9_])?")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_IN_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
_ORIGIN = re.compile(r"(?:[^:/?#]*:(?://[^/?#]*/)?)?")
_SCHEMES = (
    "http", "https", "urn", "file", "ftp", "s3", "gs", "abfs", "az", "hf", "doi", "info", "ark",
    "tag", "did", "data", "mailto", "git", "ssh", "oci", "postgresql", "sqlite", "duckdb",
)  # fmt: skip
_SMALL = 100
_KEPT = 100_000


class Names:
    """The spelling of IRIs with these prefixes, and with the ones it makes: ``namespaces``."""

    def __init__(self, wanted: dict[str, str]) -> None:
        self.namespaces = {
            prefix: namespace
            for prefix, namespace in wanted.items()
            if RESERVED.get(prefix, namespace) == namespace
            and (not prefix or re.fullmatch(lexer.PREFIX, prefix))
        }
        self._prefixes: dict[str, str] = {}
        for prefix, namespace in (RESERVED | self.namespaces).items():
            if prefix:
                self._prefixes.setdefault(namespace, prefix)
        self._default = self.namespaces.get("")
        self._spelled: dict[str, str] = {}
        self._made = 0
        self._closed = False
        # A name is looked for in the longest namespaces first.
        self._lengths = sorted({len(namespace) for namespace in self._prefixes}, reverse=True)

    def spell(self, iri: str) -> str:
        """The name that reads back as this IRI."""
        spelled = self._spelled.get(iri)
        if spelled is None:
            if len(self._spelled) >= _KEPT:
                self._spelled.clear()
            spelled = self._spelled[iri] = self._spell(iri)
        return spelled

    def closed(self) -> dict[str, str]:
        """The namespaces, of which there will be no more: what else comes is named by its scheme,
        whose prefixes are among them."""
        for scheme in _SCHEMES:
            if f"{scheme}:" not in self._prefixes:
                self._add(f"{scheme}:")
        self._closed = True
        return self.namespaces

    def _spell(self, iri: str) -> str:
        default = self._default
        if default is not None and iri.startswith(default) and _BARE.fullmatch(iri, len(default)):
            return iri[len(default) :]
        for length in self._lengths:
            prefix = self._prefixes.get(iri[:length])
            if prefix is not None:
                local = escape_local(iri[length:])
                if local is not None:
                    return f"{prefix}:{local}"
        return self._make(iri)

    def _make(self, iri: str) -> str:
        namespace, local = self._split(iri)
        if self._closed:
            raise DocumentError(
                f"PROV-N names the prefix of {iri[:200]!a} at its beginning, which is written "
                "already. Export less, or in another format."
            )
        return f"{self._add(namespace)}:{local}"

    def _add(self, namespace: str) -> str:
        """A prefix of its own for a namespace."""
        prefix = "ns"
        while prefix in self.namespaces or prefix == "ns":
            self._made += 1
            prefix = f"ns{self._made}"
        self.namespaces[prefix] = namespace
        self._prefixes[namespace] = prefix
        if len(namespace) not in self._lengths:
            self._lengths = sorted((*self._lengths, len(namespace)), reverse=True)
        return prefix

    def _split(self, iri: str) -> tuple[str, str]:
        """A namespace and the local name, as PROV-N writes it, that make up this IRI."""
        ends = [iri.rfind("#"), iri.rfind("/"), iri.rfind(":")]
        if self._made >= _SMALL:  # each IRI seems to have a folder of its own
            origin = _ORIGIN.match(iri)
            ends.insert(0, origin.end() - 1 if origin else -1)
        for end in ends:
            local = escape_local(iri[end + 1 :]) if end >= 0 else None
            if local is not None:
                return iri[: end + 1], local
        return iri, ""


def escape_local(local: str) -> str | None:
    """How PROV-N writes a local name; None when it can't."""
    if not local or _PLAIN.fullmatch(local):
        return local
    if lexer.LOCAL_PLAIN.fullmatch(local) is None:
        return None
    # A dash or dot needs its backslash only at the ends.
    return _INNER_DASH_OR_DOT.sub(r"\1", _TO_ESCAPE.sub(r"\\\g<0>", local))


def quote_iri(iri: str) -> str:
    """An IRI in angle brackets; the characters that no IRI has come as code points."""
    return "<" + _NOT_IN_IRI.sub(lambda match: f"\\u{ord(match[0]):04X}", iri) + ">"


def as_utf8(text: str) -> bytes:
    """The text's bytes; raises DocumentError for one that UTF-8 can't hold."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise DocumentError(
            f"PROV-N can't hold {text[:80].strip()!a}: it has half of a surrogate pair."
        ) from None
