"""Names between whole IRIs and ``prefix:local``, by a document's namespaces.

A format here writes names short and reads them back whole. ``Shortener`` is for writers: it makes a
prefix where the document has none that fits. ``Scope`` is for readers: a document's prefixes, or a
bundle's within them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from whence._base.errors import DocumentError
from whence.standards.prov.statement import PROV, XSD

WELL_KNOWN = {"prov": PROV, "xsd": XSD}
"""Prefixes that mean the same in every PROV document, whatever it declares."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|(?:urn|tag|mailto|info|doi|did|data|file):")
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:[^/?#]*/)?)?")
_CUTS = "/#:"
_CACHED = 20_000
_FINE = 100


class UnknownName(Exception):
    """A short name that no namespace in scope makes whole; the message says why."""


class Shortener(dict[str, str]):
    """Whole IRIs as ``prefix:local``: ``names[iri]``. A blank node's name stays as it is.

    ``namespaces`` are the prefixes that the document would like. One is passed over when ``usable``
    says no to its prefix and namespace; ``""``, the default namespace, gives names without a
    prefix. ``fixed`` prefixes always have their meaning. ``finish`` is applied to every name
    before it is kept for the next time, a writer's place for quoting it.

    A dict, for the speed of a name seen before. The names kept are let go when there are many, and
    a long document with ever new namespaces gets ever coarser ones, so memory stays bounded.
    """

    def __init__(
        self,
        namespaces: Mapping[str, str],
        fixed: Mapping[str, str] = WELL_KNOWN,
        usable: Callable[[str, str], bool] = lambda _prefix, _namespace: True,
        finish: Callable[[str], str] = str,
    ) -> None:
        super().__init__()
        self.prefixes: dict[str, str] = dict(fixed)
        self._finish = finish
        self._made = 0
        for prefix, namespace in namespaces.items():
            if prefix not in fixed and namespace and usable(prefix, namespace):
                self.prefixes[prefix] = namespace
        self._by_namespace: dict[str, str] = {}
        for prefix, namespace in self.prefixes.items():
            self._by_namespace.setdefault(namespace, prefix)
        self._odd = sorted((n for n in self._by_namespace if n[-1] not in _CUTS), key=len)[::-1]

    def __missing__(self, iri: str) -> str:
        if len(self) >= _CACHED:
            self.clear()
        short = self[iri] = self._finish(self._short(iri))
        return short

    def _short(self, iri: str) -> str:
        if iri.startswith("_:"):
            return iri
        short = None
        end = _cut(iri, len(iri))
        while end:
            prefix = self._by_namespace.get(iri[:end])
            if prefix is not None and (short := _joined(prefix, iri[end:])) is not None:
                break
            end = _cut(iri, end - 1)
        for namespace in self._odd:
            if len(namespace) > end and iri.startswith(namespace):
                odd = _joined(self._by_namespace[namespace], iri[len(namespace) :])
                if odd is not None:
                    return odd
        return self._with_new_prefix(iri) if short is None else short

    def _with_new_prefix(self, iri: str) -> str:
        base = _BASE.match(iri)
        if base is None:
            raise DocumentError(f"The name {iri[:200]!r} is no whole IRI; give it with its scheme.")
        end = max(iri.rfind("/") + 1, iri.rfind("#") + 1, base.end())
        if end == base.end() and "/" not in iri:
            end = iri.rfind(":") + 1
        if self._made >= _FINE or iri[:end] in self._by_namespace:
            end = base.end()
        namespace, local = iri[:end], iri[end:]
        while True:
            self._made += 1
            prefix = f"ns{self._made}"
            if prefix not in self.prefixes:
                break
        self.prefixes[prefix] = namespace
        self._by_namespace[namespace] = prefix
        return f"{prefix}:{local}"


def _cut(iri: str, end: int) -> int:
    """Where the last namespace that such IRIs have ends, before ``end``; 0 for none."""
    return 1 + max(iri.rfind("/", 0, end), iri.rfind("#", 0, end), iri.rfind(":", 0, end))


def _joined(prefix: str, local: str) -> str | None:
    """The short name, or None where a reader would take it for something else."""
    if prefix:
        return None if local.startswith("//") else f"{prefix}:{local}"
    return None if ":" in local or not local else local


class Scope:
    """What the short names of a document, or of a bundle in it (``parent``), stand for."""

    def __init__(self, namespaces: Mapping[str, str], parent: Scope | None = None) -> None:
        self.own: dict[str, str] = {**namespaces, **WELL_KNOWN}
        self._parent = parent
        self._cache: dict[str, str] = {}

    def wished(self) -> dict[str, str]:
        """The prefixes that were declared right here, less the well-known."""
        return {p: n for p, n in self.own.items() if p not in WELL_KNOWN}

    def expand(self, name: str) -> str:
        """The whole IRI of a name. Raises UnknownName where no namespace makes it whole."""
        iri = self._cache.get(name)
        if iri is None:
            iri = self._cache[name] = self._whole(name)
        return iri

    def _whole(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if not colon:
            if not name:
                raise UnknownName("a name is empty")
            default = self._namespace("")
            if default is None:
                raise UnknownName(f"{name[:80]!r} has no prefix and there is no default namespace")
            return default + name
        if prefix == "_" and local:
            return name
        namespace = self._namespace(prefix) if prefix else None
        if namespace is not None:
            return namespace + local
        if _ABSOLUTE.match(name):
            return name
        raise UnknownName(f"the prefix of {name[:80]!r} is not declared")

    def _namespace(self, prefix: str) -> str | None:
        found = self.own.get(prefix)
        if found is None and self._parent is not None:
            return self._parent._namespace(prefix)
        return XSI + "#" if found is None and prefix == "xsi" else found
