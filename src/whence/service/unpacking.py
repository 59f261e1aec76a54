"""Unpacking what a client sent compressed, to a limit: a few bytes can stand for very many."""

from __future__ import annotations

import zstandard

from whence._base.errors import SegmentFormatError, TooLargeError

LARGEST = 16 << 20
_WINDOW = 1 << 24


def unpacked(body: bytes, largest: int = LARGEST) -> bytes:
    """The bytes in one whole zstd frame, which says how many they are, as one-shot packers have it.

    Raises SegmentFormatError where it is none or was cut short, TooLargeError past ``largest``.
    """
    try:
        size = zstandard.frame_content_size(body)
        if size < 0:
            raise SegmentFormatError("The body is a zstd frame that does not say its size")
        if size > largest:
            raise TooLargeError(
                f"The body is more than {largest:,} bytes when unpacked; send less at once"
            )
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompress(
            body, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise SegmentFormatError(f"The body is no whole zstd frame: {error}") from error
