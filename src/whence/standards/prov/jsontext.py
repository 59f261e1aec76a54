"""JSON as untrusted text: its tree, or a DocumentError that says where it is wrong.

Numbers come as literals that keep their text to the last digit, with the datatype that PROV-JSON
gives them. An object in which a key comes twice comes as ``Repeated``, so that nothing is dropped
in silence and the error can say where it was.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import msgspec

from whence._base.errors import DocumentError
from whence.standards.prov.prefixes import Scope, UnknownName
from whence.standards.prov.statement import PROV, XSD, Literal, Name, Value

_XSD_INT, _XSD_LONG, _XSD_INTEGER = XSD + "int", XSD + "long", XSD + "integer"
_XSD_DOUBLE, _XSD_BOOLEAN = XSD + "double", XSD + "boolean"
_NAME_TYPES = frozenset({XSD + "QName", PROV + "QUALIFIED_NAME"})
_CONSTANTS = {"NaN": "NaN", "Infinity": "INF", "-Infinity": "-INF"}


class Misfit(Exception):
    """Something in the tree is not as the format wants it; ``keys`` lead to it from the outside."""

    def __init__(self, reason: str, *keys: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.keys = keys

    def under(self, *keys: str | int) -> Misfit:
        """The same, seen from further out."""
        return Misfit(self.reason, *keys, *self.keys)

    def as_error(self, title: str) -> DocumentError:
        """The error for the caller: the path and the reason."""
        return DocumentError(f"Not {title}: at {path_of(self.keys)} {self.reason}.")


class Repeated(msgspec.Struct, frozen=True):
    """An object in which a key comes twice."""

    key: str


def load(source: BinaryIO, title: str) -> Any:
    """The tree of a JSON document. Raises DocumentError, naming the format by its ``title``."""
    try:
        text = source.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"Not {title}: byte {error.start} is not UTF-8.") from None
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"Not {title}: {where} is not JSON ({error.msg}).") from None
    except RecursionError:
        raise DocumentError(f"Not {title}: it is nested too deeply.") from None
    except MemoryError:
        raise DocumentError(f"{title} of {len(text):,} characters: memory is short.") from None


def path_of(keys: tuple[str | int, ...]) -> str:
    """Keys as a path from the outermost object, ``$["entity"]["ex:a"]``; long keys are cut."""
    return "$" + "".join(f"[{json.dumps(k[:80]) if isinstance(k, str) else k}]" for k in keys)


def described(node: Any) -> str:
    """What stands at a node of the tree, for a message."""
    if isinstance(node, Repeated):
        return f"an object in which the key {node.key[:80]!r} comes twice"
    if isinstance(node, Literal):
        return f"the number {node.text[:40]}"
    if node is None or isinstance(node, bool):
        return json.dumps(node)
    if isinstance(node, str):
        return "a text"
    return "an object" if isinstance(node, dict) else "an array"


def as_object(node: Any, *keys: str | int) -> dict[str, Any]:
    """The node, which must be an object. Raises Misfit."""
    if type(node) is dict:
        return node
    raise Misfit(f"expected an object, found {described(node)}", *keys)


def as_text(node: Any, *keys: str | int) -> str:
    """The node, which must be a text. Raises Misfit."""
    if type(node) is str:
        return node
    raise Misfit(f"expected a text, found {described(node)}", *keys)


def as_lexical(node: Any, *keys: str | int) -> str:
    """The text of a node that is a text, a number or a truth value. Raises Misfit."""
    if type(node) is str:
        return node
    if isinstance(node, Literal):
        return node.text
    if isinstance(node, bool):
        return "true" if node else "false"
    raise Misfit(f"expected a text, found {described(node)}", *keys)


def plain_value(node: Any, *keys: str | int) -> Literal:
    """The literal that a bare text, number or truth value is. Raises Misfit."""
    if type(node) is str:
        return Literal(node)
    if isinstance(node, Literal):
        return node
    if isinstance(node, bool):
        return Literal("true" if node else "false", _XSD_BOOLEAN)
    raise Misfit(f"expected a value, found {described(node)}", *keys)


def expanded(scope: Scope, name: str, *keys: str | int) -> str:
    """The whole IRI of a name that stands there. Raises Misfit."""
    try:
        return scope.expand(name)
    except UnknownName as unknown:
        raise Misfit(str(unknown), *keys) from None


def typed_value(text: str, datatype: str, scope: Scope) -> Value:
    """The value of a text of a datatype; a name where the datatype says so.

    A name of an unknown prefix is kept by its text, for nothing else is known of it.
    """
    if datatype in _NAME_TYPES:
        try:
            return Name(scope.expand(text))
        except UnknownName:
            pass
    return Literal(text, datatype)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    node = dict(pairs)
    if len(node) == len(pairs):
        return node
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Repeated(key)
        seen.add(key)
    return node


def _integer(text: str) -> Literal:
    if len(text) > 20:
        return Literal(text, _XSD_INTEGER)
    number = int(text)
    if -(2**31) <= number < 2**31:
        return Literal(text, _XSD_INT)
    return Literal(text, _XSD_LONG if -(2**63) <= number < 2**63 else _XSD_INTEGER)


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=lambda text: Literal(text, _XSD_DOUBLE),
    parse_constant=lambda text: Literal(_CONSTANTS[text], _XSD_DOUBLE),
)
