"""Scalars and small arrays of numpy and torch survive the journal, also where neither is loaded."""

import math
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.journey import through_journal
from whence.model.event import ParamsLogged, encoder
from whence.model.value import MAX_ELEMENTS, Foreign, Unencodable, encode, typed

NUMBERS = [
    "bool",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
]


@pytest.mark.parametrize("dtype", [*NUMBERS, "complex64", "complex128", "longdouble"])
def test_a_numpy_scalar_comes_back_with_its_type(dtype):
    np = pytest.importorskip("numpy")
    for raw in (0, 1, 7.25):
        value = np.dtype(dtype).type(raw)
        read = through_journal(value)
        assert type(read) is type(value)
        assert read == value
        assert read.dtype == value.dtype


@pytest.mark.parametrize("text", ["NaT", "2024-02-29T12:00:00.000000001"])
def test_a_numpy_date_keeps_its_unit(text):
    np = pytest.importorskip("numpy")
    value = np.datetime64(text, "ns")
    read = through_journal(value)
    assert (read.dtype, read.tobytes()) == (value.dtype, value.tobytes())


@given(st.binary(min_size=8, max_size=8))
def test_a_numpy_float64_keeps_every_bit(raw):
    np = pytest.importorskip("numpy")
    value = np.frombuffer(raw, dtype="<f8")[0]
    read = through_journal(value)
    assert isinstance(read, np.float64)
    assert read.tobytes() == value.tobytes()


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3), (4, 4, 4)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_small_numpy_array_comes_back(shape, order):
    np = pytest.importorskip("numpy")
    count = math.prod(shape)
    value = np.asarray(np.linspace(0, 1, count).reshape(shape), order=order)
    read = through_journal(value)
    assert isinstance(read, np.ndarray)
    assert read.dtype == value.dtype
    assert read.shape == value.shape
    assert read.tobytes() == value.tobytes()


def test_a_big_endian_array_and_a_strided_one_come_back_with_equal_elements():
    np = pytest.importorskip("numpy")
    for value in (np.arange(5, dtype=">i4"), np.arange(10)[::-2], np.array(["ab", "c"])):
        assert np.array_equal(through_journal(value), value)


def test_a_large_array_and_one_of_objects_are_kept_as_shape_and_type():
    np = pytest.importorskip("numpy")
    large = np.zeros((MAX_ELEMENTS, 2), dtype="float32")
    assert through_journal(large) == {
        "type": "numpy.ndarray",
        "dtype": "float32",
        "shape": [MAX_ELEMENTS, 2],
    }
    assert through_journal(np.array([{}, []], dtype=object))["dtype"] == "object"


def test_an_array_that_was_read_back_can_be_written_to():
    np = pytest.importorskip("numpy")
    read = through_journal(np.zeros(3))
    read[0] = 1
    assert read.tolist() == [1, 0, 0]


def test_a_masked_array_does_not_pass_its_hidden_elements_off_as_values():
    np = pytest.importorskip("numpy")
    value = np.ma.masked_array([1, 2, 3], mask=[False, True, False])
    read = through_journal(value)
    assert isinstance(read, dict | Unencodable)


READ_WITHOUT_LIBRARY = """
import sys
from whence.model.event import decoder
value = decoder.decode(sys.stdin.buffer.read()).params["value"]
assert "numpy" not in sys.modules and "torch" not in sys.modules
print(repr(value))
"""


def read_without_library(value) -> str:
    """What a process that has imported neither numpy nor torch reads of ``value``."""
    event = encoder.encode(ParamsLogged(b"r" * 16, {"value": typed(value)}, 1))
    done = subprocess.run(
        [sys.executable, "-c", READ_WITHOUT_LIBRARY], input=event, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def test_an_array_is_read_where_numpy_is_not_loaded_and_written_again_unchanged():
    np = pytest.importorskip("numpy")
    value = np.array([[1, -2]], dtype="<i2")
    foreign = Foreign("numpy", "<i2", (1, 2), value.tobytes())
    assert read_without_library(value) == repr(foreign)
    assert encode(foreign) == encode(value)


@pytest.mark.parametrize("is_scalar", [True, False])
def test_a_scalar_and_an_array_without_dimensions_stay_apart(is_scalar):
    np = pytest.importorskip("numpy")
    value = np.float32(0.1) if is_scalar else np.array(0.1, dtype="<f4")
    foreign = Foreign("numpy", "<f4", (), value.tobytes(), is_scalar)
    assert read_without_library(value) == repr(foreign)
    assert encode(foreign) == encode(value)
    assert isinstance(through_journal(value), np.generic) is is_scalar


@pytest.mark.torch
@pytest.mark.parametrize(
    "dtype",
    [
        "float64",
        "float32",
        "float16",
        "bfloat16",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint8",
        "bool",
        "complex64",
    ],
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 2)])
def test_a_torch_scalar_or_small_tensor_comes_back(dtype, shape):
    torch = pytest.importorskip("torch")
    value = torch.arange(math.prod(shape)).reshape(shape).to(getattr(torch, dtype))
    read = through_journal(value)
    assert read.dtype == value.dtype
    assert read.shape == value.shape
    assert torch.equal(read, value)


@pytest.mark.torch
def test_a_tensor_with_history_or_strides_comes_back_with_equal_elements():
    torch = pytest.importorskip("torch")
    grown = torch.tensor([1.5, math.nan], requires_grad=True)
    assert torch.equal(through_journal(grown), grown.detach().clone()) is False  # NaN != NaN
    assert through_journal(grown)[0] == 1.5
    turned = torch.arange(6).reshape(2, 3).T
    assert torch.equal(through_journal(turned), turned)
    conjugate = torch.tensor([1 + 2j]).conj()
    assert torch.equal(through_journal(conjugate), conjugate.resolve_conj())


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_large_sparse_or_meta_tensor_is_kept_as_shape_and_type():
    torch = pytest.importorskip("torch")
    shape = [MAX_ELEMENTS, 2]
    for value in (
        torch.zeros(shape),
        torch.zeros(shape, device="meta"),
        torch.zeros(2, 2).to_sparse(),
        torch.zeros(2, 2).to_sparse_csr(),
        torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    ):
        read = through_journal(value)
        assert read["type"] == "torch.Tensor"
        assert read["shape"] == list(value.shape)


@pytest.mark.torch
def test_a_parameter_of_a_module_is_read_where_torch_is_not_loaded():
    torch = pytest.importorskip("torch")
    weight = torch.nn.Parameter(torch.tensor([0.5]))
    foreign = Foreign("torch", "float32", (1,), struct.pack("<f", 0.5))
    assert read_without_library(weight) == repr(foreign)
    assert encode(foreign) == encode(weight)
