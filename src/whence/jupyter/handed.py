"""What ``whence run notebook.ipynb`` hands to the kernel that it starts.

The kernel's extension begins the session with it: the id of the run, so that the runner can tell
it, the store, and what the user called the run. ``WHENCE_NOTEBOOK`` names the notebook, as it does
for kernels that another front end starts.
"""

from __future__ import annotations

from collections.abc import MutableMapping

from whence.capture.launch.handover import Handover

VARIABLE = "WHENCE_KERNEL"
NOTEBOOK = "WHENCE_NOTEBOOK"


def hand(environment: MutableMapping[str, str], handover: Handover) -> None:
    """Put what a kernel is to begin its session with into its environment."""
    environment[VARIABLE] = handover.encode()


def take_handed(environment: MutableMapping[str, str]) -> Handover | None:
    """What this kernel is to begin its session with, taken out so that no child finds it.

    None where another front end started the kernel, or for one of another version of Whence.
    """
    text = environment.pop(VARIABLE, "")
    try:
        return Handover.decode(text) if text else None
    except (ValueError, KeyError):
        return None
