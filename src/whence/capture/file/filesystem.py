"""File systems by an id that is the same whenever, and from wherever, the same one is looked at.

A local file system is named by the machine and the id that the kernel gives for it; where there is
none (memory file systems) by the boot and the device number. A network file system is named by what
is mounted, without the host: so two hosts agree that a file is the same.
"""

from __future__ import annotations

import os

from whence._base.clock import boot_id, machine_id
from whence._base.ids import derived_id

_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs", "beegfs", "ceph", "afs", "glusterfs",
     "fuse.glusterfs", "fuse.sshfs", "wekafs", "panfs", "orangefs", "fuse.ceph", "fuse.s3fs")
)  # fmt: skip


class FileSystems:
    """Gives the 16-byte id of a file system, asked once for each device."""

    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}

    def id_of(self, device: int, at: int | str) -> bytes:
        """The id of file system ``device`` (``st_dev``); ``at`` is a descriptor or path on it."""
        known = self._known.get(device)
        if known is None:
            known = self._known[device] = _identify(device, at)
        return known


def is_network(path: str | os.PathLike[str]) -> bool:
    """Whether ``path`` lies on a file system of another machine. Raises OSError."""
    mount = _mount_of(os.stat(path).st_dev)
    return mount is not None and mount[0] in _NETWORK


def _identify(device: int, at: int | str) -> bytes:
    mount = _mount_of(device)
    if mount is not None and mount[0] in _NETWORK:
        return derived_id(b"network file system", mount[0].removeprefix("fuse."), *mount[1:])
    try:
        number = os.statvfs(at).f_fsid
    except OSError:
        number = 0
    if number:
        return derived_id(b"file system", machine_id(), number)
    return derived_id(b"file system", machine_id(), boot_id(), device)


def _mount_of(device: int) -> tuple[str, str, str] | None:
    """Type, source and mounted folder of the mount with that device; see proc(5), mountinfo."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as f:
            lines = f.readlines()
    except OSError:
        return None
    for line in lines:
        fields, _, rest = line.partition(" - ")
        _, _, number, folder, *_ = fields.split(" ")
        if number == wanted:
            kind, source, *_ = rest.split(" ")
            return kind, source, folder
    return None
