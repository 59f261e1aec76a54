"""The handover: what ``WHENCE_RUN`` tells a Python process that is to be recorded.

    1;store=/work/.whence;run=0193...;part_of=0193...;pid=4711;link=20000;...

Fields are separated by semicolons; in a value ``% ; =`` and control characters are written as
``%XX``. The first process of a run finds ``pid`` to be its own and takes what names the run (name,
experiment, tags); it leaves ``WHENCE_RUN`` with only what its children need.
"""

from __future__ import annotations

VARIABLE = "WHENCE_RUN"
_FORMAT = "1"


class Handover:
    """Everything that boot needs.

    ``store`` is the ``.whence`` folder; ``run`` the run's id in hex; ``part_of`` the activity that
    a child process is part of, in hex, empty in the first process; ``pid`` the first process's;
    ``link`` the descriptor of the socket to the companion, -1 for none; ``observers`` the list that
    `observer_list` made; ``name``, ``experiment`` and ``tags`` what the user gave; ``remote`` the
    address of the project that ``--store`` named.
    """

    __slots__ = (
        "experiment",
        "link",
        "name",
        "observers",
        "part_of",
        "pid",
        "remote",
        "run",
        "store",
        "tags",
    )

    def __init__(
        self,
        store: str,
        run: str,
        part_of: str = "",
        pid: int = 0,
        link: int = -1,
        observers: str = "",
        name: str = "",
        experiment: str = "",
        tags: tuple[tuple[str, str], ...] = (),
        remote: str = "",
    ) -> None:
        self.store, self.run, self.part_of = store, run, part_of
        self.pid, self.link, self.observers = pid, link, observers
        self.name, self.experiment, self.tags = name, experiment, tags
        self.remote = remote

    def encode(self) -> str:
        """The text of the environment variable."""
        fields = {
            "store": self.store,
            "run": self.run,
            "part_of": self.part_of,
            "pid": str(self.pid),
            "link": str(self.link),
            "observers": self.observers,
            "name": self.name,
            "experiment": self.experiment,
            "remote": self.remote,
        }
        texts = [f"{key}={_quoted(value)}" for key, value in fields.items() if value]
        texts += [f"tag={_quoted(_quoted(key) + '=' + _quoted(value))}" for key, value in self.tags]
        return ";".join([_FORMAT, *texts])

    @classmethod
    def decode(cls, text: str) -> Handover:
        """The handover in ``text``. Raises ValueError when it is none, or of another version."""
        version, *texts = text.split(";")
        if version != _FORMAT:
            raise ValueError(f"{VARIABLE} is of format {version!r}; this version reads {_FORMAT}")
        fields: dict[str, str] = {}
        tags: list[tuple[str, str]] = []
        for field in texts:
            key, _, value = field.partition("=")
            if key == "tag":
                name, _, rest = _unquoted(value).partition("=")
                tags.append((_unquoted(name), _unquoted(rest)))
            else:
                fields[key] = _unquoted(value)
        return cls(
            store=fields["store"],
            run=fields["run"],
            part_of=fields.get("part_of", ""),
            pid=int(fields.get("pid", "0")),
            link=int(fields.get("link", "-1")),
            observers=fields.get("observers", ""),
            name=fields.get("name", ""),
            experiment=fields.get("experiment", ""),
            tags=tuple(tags),
            remote=fields.get("remote", ""),
        )

    def for_children(self, part_of: bytes) -> Handover:
        """The handover to processes that are part of the activity ``part_of``."""
        return Handover(
            self.store, self.run, part_of.hex(), pid=self.pid, observers=self.observers,
            remote=self.remote,
        )  # fmt: skip


def _quoted(text: str) -> str:
    if text.isalnum():
        return text
    return "".join(f"%{ord(c):02X}" if c in "%;=" or c < " " else c for c in text)


def _unquoted(text: str) -> str:
    first, *rest = text.split("%")
    return first + "".join(chr(int(part[:2], 16)) + part[2:] for part in rest)
