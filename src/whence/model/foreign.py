"""Scalars and small arrays of numpy and torch: their raw parts, and back.

Neither library is imported here: a value can only be theirs where they are loaded already. Read
where they are not, the parts are kept in a `Foreign` value, which is written again unchanged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.msgpack import Ext

MAX_ELEMENTS = 1024
"""Arrays of more elements are not values: their shape and type are kept, not their content."""

MAX_BYTES = 32 * MAX_ELEMENTS

NUMPY_SCALAR, NUMPY_ARRAY, TORCH_TENSOR = 11, 12, 13


class Foreign(msgspec.Struct, frozen=True, array_like=True):
    """A scalar or small array of a library that is not here: its raw parts.

    ``library`` is ``numpy`` or ``torch``; ``dtype`` as that library spells it; ``shape`` empty for
    a scalar; ``data`` the elements in C order, little-endian. ``is_scalar`` tells a numpy scalar
    from an array without dimensions.
    """

    library: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes
    is_scalar: bool = False


def form_of(value: Any) -> Any:
    """The form of a value of numpy or torch, or None when it is no such value."""
    for library, form in _FORMS.items():
        module = sys.modules.get(library)
        if module is not None and (found := form(module, value)) is not None:
            return found
    if isinstance(value, Foreign):
        code = NUMPY_SCALAR if value.is_scalar else NUMPY_ARRAY
        parts = (value.library, value.dtype, list(value.shape), value.data)
        return _extension(TORCH_TENSOR if value.library == "torch" else code, *parts)
    return None


def read(code: int, raw: bytes) -> Any:
    """The value that `form_of` gave that extension for."""
    library, dtype, shape, data = msgspec.msgpack.decode(raw)
    module = sys.modules.get(library)
    if module is None:
        return Foreign(library, dtype, tuple(shape), data, code == NUMPY_SCALAR)
    if code == TORCH_TENSOR:
        return _read_tensor(module, getattr(module, dtype), shape, data)
    array = module.frombuffer(data, dtype=dtype).reshape(shape).copy()
    return array[()] if code == NUMPY_SCALAR else array


def _read_tensor(torch: Any, dtype: Any, shape: list[int], data: bytes) -> Any:
    if not data:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape).clone()


def _numpy_form(np: Any, value: Any) -> Any:
    if not isinstance(value, np.generic | np.ndarray):
        return None
    if isinstance(value, np.ma.MaskedArray):
        return _summary("numpy.ma.MaskedArray", value.dtype, value.shape)
    array = np.asarray(value)
    dtype = array.dtype
    if dtype.hasobject or dtype.names or array.size > MAX_ELEMENTS or array.nbytes > MAX_BYTES:
        return _summary("numpy.ndarray", dtype, array.shape)
    little = array.astype(dtype.newbyteorder("<"))
    code = NUMPY_SCALAR if isinstance(value, np.generic) else NUMPY_ARRAY
    return _extension(code, "numpy", little.dtype.str, list(array.shape), little.tobytes())


def _torch_form(torch: Any, value: Any) -> Any:
    if not isinstance(value, torch.Tensor):
        return None
    dtype = str(value.dtype).removeprefix("torch.")
    plain = value.device.type == "cpu" and value.layout is torch.strided and not value.is_quantized
    if not plain or value.numel() > MAX_ELEMENTS:
        return _summary("torch.Tensor", dtype, value.shape)
    whole = value.detach().resolve_conj().resolve_neg().contiguous()
    raw = whole.reshape(-1).view(torch.uint8)
    return _extension(TORCH_TENSOR, "torch", dtype, list(value.shape), bytes(raw.tolist()))


def _summary(kind: str, dtype: Any, shape: Any) -> dict[str, Any]:
    return {"type": kind, "dtype": str(dtype), "shape": [int(n) for n in shape]}


def _extension(code: int, *parts: Any) -> Ext:
    return Ext(code, msgspec.msgpack.encode(parts))


_FORMS: dict[str, Callable[[Any, Any], Any]] = {"numpy": _numpy_form, "torch": _torch_form}
