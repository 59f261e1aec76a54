"""Graphics processors: the words of the driver and its tool, and a machine that has none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from whence.capture.environment import gpu as gpu_module
from whence.capture.environment.gpu import (
    Gpu,
    driver_version,
    gpu_facts,
    graphics_processors,
    parse_information,
    parse_query,
)

INFORMATION = """Model: \t\t NVIDIA A100-SXM4-40GB
IRQ:   \t\t 90
GPU UUID: \t GPU-5c2a0b6e-1111-2222-3333-444455556666
Video BIOS: \t ??.??.??.??.??
"""
VERSION = (
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\n"
    "GCC version:  gcc version 12.2.0\n"
)
QUERY = (
    "NVIDIA H100 80GB HBM3, 550.54.15, 81559, GPU-aaaa\n"
    "NVIDIA H100 80GB HBM3, 550.54.15, [N/A], GPU-bbbb\n"
)
H100 = Gpu("NVIDIA H100 80GB HBM3", "550.54.15", 81559 << 20, "GPU-aaaa")


def tool(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    script = folder / "nvidia-smi"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)


def driver(folder: Path) -> str:
    (folder / "gpus" / "0000:07:00.0").mkdir(parents=True)
    (folder / "gpus" / "0000:07:00.0" / "information").write_text(INFORMATION)
    (folder / "version").write_text(VERSION)
    return str(folder)


def test_the_answer_of_the_tool_is_read() -> None:
    assert parse_query(QUERY) == [H100, Gpu("NVIDIA H100 80GB HBM3", "550.54.15", 0, "GPU-bbbb")]
    assert parse_query("No devices were found\n") == []


def test_the_files_of_the_driver_are_read() -> None:
    uuid = "GPU-5c2a0b6e-1111-2222-3333-444455556666"
    assert parse_information(INFORMATION, "1.2") == Gpu("NVIDIA A100-SXM4-40GB", "1.2", 0, uuid)
    assert parse_information("GPU UUID: GPU-????????\n") == Gpu("NVIDIA")
    assert (driver_version(VERSION), driver_version("")) == ("535.129.03", "")


def test_facts_say_nothing_of_what_is_not_known() -> None:
    assert gpu_facts([H100]) == {
        "gpu": ["NVIDIA H100 80GB HBM3"], "gpu_driver": "550.54.15", "gpu_memory": [81559 << 20],
    }  # fmt: skip
    assert gpu_facts([Gpu("NVIDIA")]) == {"gpu": ["NVIDIA"]}
    assert gpu_facts([]) == {}


@pytest.mark.skipif(
    os.path.exists("/proc/driver/nvidia"), reason="this machine has a graphics processor"
)
def test_a_machine_without_any_has_none(tmp_path: Path) -> None:
    assert graphics_processors(str(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_the_tool_is_asked_once_while_the_devices_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    cache = tmp_path / "cache"
    cache.mkdir()
    tool(tmp_path / "bin", f"echo '{QUERY.splitlines()[0]}'")
    assert graphics_processors(str(cache), str(tmp_path / "none")) == [H100]
    tool(tmp_path / "bin", "exit 1")
    assert graphics_processors(str(cache), str(tmp_path / "none")) == [H100]
    assert [g.name for g in graphics_processors(str(cache), driver(tmp_path / "driver"))] == [
        "NVIDIA A100-SXM4-40GB"
    ]


def test_a_tool_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(gpu_module, "TIMEOUT_S", 0.2)
    tool(tmp_path / "bin", "exec sleep 60")
    assert [g.driver for g in graphics_processors(str(tmp_path), driver(tmp_path / "driver"))] == [
        "535.129.03"
    ]
