"""Decoding for the fold: events whose maps of values stay MessagePack, since they are only stored.

For each event struct there is one here with the same number and fields in which every
``dict[str, Any]`` is a `msgspec.Raw`.
"""

from __future__ import annotations

from typing import Annotated, Any, Union, get_args

import msgspec

from whence.model import event as model
from whence.model.value import decode_extension

EMPTY = b"\x80"
"""The MessagePack of an empty map."""


_Whole = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]


def _is_whole(kind: Any) -> bool:
    return kind is int or kind == (int | None)


def _bounded(kind: Any) -> Any:
    return _Whole if kind is int else _Whole | None


def _raw_variant(event: type[msgspec.Struct]) -> type[msgspec.Struct]:
    fields: list[Any] = []
    for one in msgspec.structs.fields(event):
        if one.type == dict[str, Any]:
            default = () if one.required else (msgspec.Raw(EMPTY),)
            fields.append((one.name, msgspec.Raw, *default))
        elif one.name != "step" and _is_whole(one.type):
            kind = _bounded(one.type)
            fields.append((one.name, kind) if one.required else (one.name, kind, one.default))
        elif one.required:
            fields.append((one.name, one.type))
        elif one.default_factory is not msgspec.NODEFAULT:
            fields.append((one.name, one.type, msgspec.field(default_factory=one.default_factory)))
        else:
            fields.append((one.name, one.type, one.default))
    tag = event.__struct_config__.tag
    return msgspec.defstruct(event.__name__, fields, array_like=True, tag=tag, gc=False)


VARIANTS: dict[type[msgspec.Struct], type[msgspec.Struct]] = {
    event: _raw_variant(event) for event in get_args(model.Event)
}

_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(
    Union[tuple(VARIANTS.values())],  # noqa: UP007
    ext_hook=decode_extension,
)

decode_event = _decoder.decode
"""The raw variant of the event in a payload; raises msgspec.MsgspecError when it reads as none."""
