"""The NVIDIA graphics processors of this machine, asked of the driver and its own tool.

The driver's files in ``/proc`` give models and ids; ``nvidia-smi``, where it is on the PATH, gives
the memory too. Its answer is kept as long as the machine runs and shows the same devices.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec

from whence._base.clock import boot_id
from whence._base.ids import derived_id
from whence._base.text import plain
from whence.capture.cache import keep, kept

TIMEOUT_S = 5.0
_DRIVER = "/proc/driver/nvidia"
_QUERY = ("--query-gpu=name,driver_version,memory.total,uuid", "--format=csv,noheader,nounits")


class Gpu(msgspec.Struct, frozen=True):
    """One processor; ``memory`` is in bytes, 0 when it is not known, as texts are empty."""

    name: str
    driver: str = ""
    memory: int = 0
    uuid: str = ""


def graphics_processors(cache_folder: str, driver: str = _DRIVER) -> list[Gpu]:
    """All processors that this process can see, none where there is no driver.

    ``cache_folder`` is where the tool's answer is kept; ``driver`` the folder of the driver's own.
    """
    shown = _shown(driver)
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return _of_driver(driver, shown)
    key = derived_id(b"gpu", boot_id(), tool, *shown)
    path = os.path.join(cache_folder, f"gpu-{key.hex()}.json")
    with suppress(msgspec.MsgspecError):
        if (data := kept(path)) is not None:
            return msgspec.json.decode(data, type=list[Gpu])
    found = _of_tool(tool)
    if found is None:
        return _of_driver(driver, shown)
    keep(path, msgspec.json.encode(found))
    return found


def gpu_facts(gpus: list[Gpu]) -> dict[str, Any]:
    """What is known of them and is the same on another machine of that kind."""
    facts: dict[str, Any] = {
        "gpu": [plain(gpu.name) for gpu in gpus],
        "gpu_driver": plain(gpus[0].driver) if gpus else "",
        "gpu_memory": [gpu.memory for gpu in gpus] if any(gpu.memory for gpu in gpus) else None,
    }
    return {key: value for key, value in facts.items() if value}


def parse_query(text: str) -> list[Gpu]:
    """The processors in what ``nvidia-smi`` prints for our query; what is no answer is skipped."""
    found: list[Gpu] = []
    for line in text.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if len(fields) == 4 and fields[0]:
            name, driver, mebibytes, uuid = (_known(field) for field in fields)
            memory = int(mebibytes) << 20 if mebibytes.isdigit() else 0
            found.append(Gpu(name, driver, memory, uuid))
    return found


def parse_information(text: str, driver: str = "") -> Gpu:
    """The processor that a file ``/proc/driver/nvidia/gpus/*/information`` tells of."""
    pairs = (line.partition(":") for line in text.splitlines())
    values = {name.strip(): " ".join(value.split()) for name, _, value in pairs}
    uuid = values.get("GPU UUID", "")
    return Gpu(values.get("Model") or "NVIDIA", driver, 0, "" if "?" in uuid else uuid)


def driver_version(text: str) -> str:
    """The version in the text of ``/proc/driver/nvidia/version``; empty when there is none."""
    for word in text.partition("\n")[0].split():
        if word[:1].isdigit() and "." in word:
            return word
    return ""


def _shown(driver: str) -> list[str]:
    """What tells whether the devices are the same as before: a container may be shown others."""
    devices = (name for name in _names("/dev") if name.startswith("nvidia"))
    return sorted([*_names(os.path.join(driver, "gpus")), *devices])


def _of_driver(driver: str, shown: Iterable[str]) -> list[Gpu]:
    version = driver_version(_read(os.path.join(driver, "version")))
    paths = (os.path.join(driver, "gpus", name, "information") for name in shown)
    return [parse_information(_read(path), version) for path in paths if os.path.exists(path)]


def _of_tool(tool: str) -> list[Gpu] | None:
    """What the tool answers; None when it fails or takes too long."""
    try:
        done = subprocess.run(
            [tool, *_QUERY], stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_query(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else None


def _known(field: str) -> str:
    """A field of the tool's answer; empty for ``[N/A]`` and its like."""
    return "" if field.startswith("[") else field


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""
