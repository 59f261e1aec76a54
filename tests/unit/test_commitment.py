"""What is forgotten leaves the proof whole, and can't be guessed back (docs/adr/0003)."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from whence.journal.commitment import SALT_SIZE, commitment_of, leaf_of, salt_of

SEEDS = st.binary(min_size=32, max_size=32)
PAYLOADS = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8)


def leaves(salts: list[bytes], payloads: list[bytes]) -> list[bytes]:
    return [
        leaf_of(number, len(payload), commitment_of(salt, payload))
        for number, (salt, payload) in enumerate(zip(salts, payloads, strict=True))
    ]


@given(SEEDS, PAYLOADS, st.data())
def test_the_leaves_are_the_same_after_a_payload_was_forgotten(seed, payloads, data):
    salts = [salt_of(seed, number) for number in range(len(payloads))]
    before = leaves(salts, payloads)

    lost = data.draw(st.integers(0, len(payloads) - 1))
    length, commitment = len(payloads[lost]), commitment_of(salts[lost], payloads[lost])
    kept = {number: salt for number, salt in enumerate(salts) if number != lost}
    after = [
        leaf_of(lost, length, commitment)
        if number == lost
        else leaf_of(number, len(payload), commitment_of(kept[number], payload))
        for number, payload in enumerate(payloads)
    ]
    assert after == before


@given(SEEDS, st.integers(0, 1 << 32))
def test_a_salt_follows_from_the_seed_and_the_number_alone(seed, number):
    assert salt_of(seed, number) == salt_of(seed, number)
    assert len(salt_of(seed, number)) == SALT_SIZE
    assert salt_of(seed, number) != salt_of(seed, number + 1)
    assert salt_of(seed, number) != salt_of(bytes(32 * [seed[0] ^ 1]), number)


def test_equal_payloads_have_commitments_that_tell_nothing_of_it():
    seed = bytes(range(32))
    first, second = (commitment_of(salt_of(seed, n), b"yes") for n in (1, 2))
    assert first != second
    assert sha256(b"yes").digest() not in (first, second)


def test_commitments_never_change():
    """Proofs rest on them: other bytes here would make every old one false."""
    seed = bytes(range(32))
    assert salt_of(seed, 7).hex() == "8984e4afc161ca821e42b87fe12aaa3e"
    assert (
        leaf_of(7, 3, commitment_of(salt_of(seed, 7), b"yes")).hex()
        == "cd207a79ece0690fc52458e89d093cf29d836f994bb4b9ee0c5902c6a7085460"
    )
