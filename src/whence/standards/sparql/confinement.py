"""A process that gives up what a query has no need of: connections, endless memory and output.

The kernel refuses to make a socket (seccomp) from then on, whatever the code asks for. Where the
kernel or the processor is not known here, `without_network` gives False.
"""

from __future__ import annotations

import ctypes
import os
import resource
from struct import pack

_SOCKET_CALLS = {"x86_64": (0xC000003E, (41, 53, 425)), "aarch64": (0xC00000B7, (198, 199, 425))}
"""Architecture, and the numbers of socket, socketpair and io_uring_setup."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # with the error EACCES
_OTHER_ABI = 0x40000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2

OUTPUT_BYTES = 1 << 30


def limit(cpu_s: float) -> None:
    """Bound memory, output and, lest whoever waits for it dies first, the time to compute."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _lower(resource.RLIMIT_AS, max(memory * 3 // 4, 1 << 30))
    _lower(resource.RLIMIT_FSIZE, OUTPUT_BYTES)
    _lower(resource.RLIMIT_CPU, int(cpu_s * (os.cpu_count() or 1)) + 5)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def without_network() -> bool:
    """Have the kernel refuse new sockets to this process; whether that worked."""
    known = _SOCKET_CALLS.get(os.uname().machine)
    if os.uname().sysname != "Linux" or known is None:
        return False
    program = _program(*known)
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        pack("@HP", len(program) // 8, ctypes.addressof(code)), ctypes.sizeof(ctypes.c_void_p) * 2
    )
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    arguments = [ctypes.c_ulong] * 4
    prctl.argtypes = [ctypes.c_int, *arguments]
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_SECCOMP, _FILTER, ctypes.addressof(header), 0, 0) == 0)


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Berkeley packet filter: refuse these calls, and all of another architecture or ABI.

    Each step has the numbers of steps to jump over where it holds, and where not.
    """
    count = len(calls)
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, count + 3, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, count + 1, 0, _OTHER_ABI),
        *((_EQUAL, count - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(pack("=HBBI", *step) for step in steps)
