"""Commitments to payloads: what makes a record provable, and erasable all the same.

A payload's commitment is ``SHA-256(salt || payload)``, its salt ``BLAKE2b(seed, sequence)`` of 16
bytes, and its leaf in a Merkle tree (RFC 9162, section 2.1.1) is ``SHA-256(0x00 || sequence ||
length || commitment)``. To forget a payload, the seed is replaced by the explicit salts of all the
others and by the bare commitment of the one forgotten: the leaves, and so every proof, stay the
same, and nobody can test guesses of the payload against its commitment.

Because the salt follows from the segment's seed, committing costs the recording process nothing:
whoever seals the segment does it (docs/adr/0003).
"""

from __future__ import annotations

from hashlib import blake2b, sha256

SALT_SIZE = 16


def salt_of(seed: bytes, sequence: int) -> bytes:
    """The 16-byte salt of the payload with that sequence number."""
    return blake2b(sequence.to_bytes(8, "little"), key=seed, digest_size=SALT_SIZE).digest()


def commitment_of(salt: bytes, payload: bytes) -> bytes:
    """The 32-byte salted commitment to a payload."""
    return sha256(salt + payload).digest()


def leaf_of(sequence: int, length: int, commitment: bytes) -> bytes:
    """The 32-byte leaf: a frame's header fields and the commitment to what it carries."""
    head = sequence.to_bytes(8, "little") + length.to_bytes(4, "little")
    return sha256(b"\0" + head + commitment).digest()
