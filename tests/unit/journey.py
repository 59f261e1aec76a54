"""The way of a value through the journal."""

from whence.model.event import ParamsLogged, decoder, encoder
from whence.model.value import typed


def through_journal(value):
    """What is read back of ``value``, the way a parameter travels: typed, in an event, decoded."""
    event = ParamsLogged(b"r" * 16, {"value": typed(value)}, 1)
    return decoder.decode(encoder.encode(event)).params["value"]
