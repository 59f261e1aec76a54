"""Whether a process lives, as far as this host can tell."""

from __future__ import annotations

import os

from whence._base.clock import boot_id, is_alive, machine_id, process_start

OTHER_BOOT = "00000000-0000-4000-8000-000000000001"


def test_this_process_is_alive_and_one_that_had_its_id_before_is_not() -> None:
    start = process_start(os.getpid())
    assert is_alive(boot_id(), os.getpid(), start) is True
    assert is_alive(boot_id(), os.getpid(), start - 1) is False


def test_a_process_of_an_earlier_boot_of_this_machine_is_dead() -> None:
    here = (machine_id(), os.uname().nodename)
    assert is_alive(OTHER_BOOT, 1, 1, *here) is False


def test_of_another_machine_nothing_is_known() -> None:
    assert is_alive(OTHER_BOOT, 1, 1, "another", os.uname().nodename) is None
    assert is_alive(OTHER_BOOT, 1, 1, machine_id(), "another") is None
    assert is_alive(OTHER_BOOT, 1, 1) is None
    assert is_alive("", 1, 1, machine_id(), os.uname().nodename) is None
