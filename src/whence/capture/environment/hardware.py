"""The machine and its Python: operating system, kernel, processor, memory."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any


def machine_facts() -> dict[str, Any]:
    """What is known of this machine; what can't be asked is left out. Memory is in bytes."""
    system = os.uname()
    facts: dict[str, Any] = {
        "os": _os_name() or system.sysname,
        "kernel": f"{system.sysname} {system.release}",
        "architecture": system.machine,
        "cpu": _cpu_model() or system.machine,
        "cpu_count": os.cpu_count() or 0,
        "memory": _memory(),
    }
    return {key: value for key, value in facts.items() if value}


def python_facts() -> dict[str, Any]:
    """Version and implementation of this Python."""
    return {
        "python": sys.version.partition(" ")[0],
        "implementation": platform.python_implementation(),
        "compiler": platform.python_compiler(),
    }


def _os_name() -> str:
    for line in _read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip().strip('"')
    return ""


def _cpu_model() -> str:
    return _value("/proc/cpuinfo", "model name")


def _memory() -> int:
    first = _value("/proc/meminfo", "MemTotal").split()
    return int(first[0]) * 1024 if first and first[0].isdigit() else 0


def _value(path: str, key: str) -> str:
    """The value of the first ``key: value`` line in a file of the kernel's; empty when none."""
    for line in _read(path).splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return " ".join(value.split())
    return ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""
