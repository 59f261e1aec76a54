"""What a store promises: the roles that every index of the journal plays.

Inside a store a node is a dense integer, given in order of arrival; outside it is the id of the
model (bytes). Integers of two stores never mean the same. Every implementation passes the contract
tests in ``tests/contract``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Literal, Protocol

import msgspec

from whence.fold.batch import Batch
from whence.model.criterion import Criterion, Order
from whence.model.kind import NodeType
from whence.store.mirrored import MirroredStore

Direction = Literal["up", "down"]


class Node(msgspec.Struct, frozen=True):
    """A node as the store holds it. Times are nanoseconds since the epoch.

    ``places`` are absolute paths, latest first; ``digest`` (32 bytes) and ``size`` (bytes) belong
    to the content. ``status`` is empty for what is not an activity.
    """

    number: int
    uid: bytes
    type: NodeType
    kind: str
    name: str
    started_at: int | None = None
    ended_at: int | None = None
    status: str = ""
    digest: bytes | None = None
    size: int | None = None
    places: tuple[bytes, ...] = ()


class Edge(msgspec.Struct, frozen=True):
    """An edge between two nodes by their numbers; ``at`` is None where no time is known."""

    source: int
    relation: int
    target: int
    known: int
    role: str = ""
    at: int | None = None


class Version(msgspec.Struct, frozen=True):
    """One version of a file that the store knows: which occurrence it is and where it stood.

    ``last_seen_at`` is when it was last written or read; ``current`` says that nothing recorded
    has replaced, moved or removed it at that place.
    """

    number: int
    path: bytes
    stamp_key: bytes
    digest: bytes | None
    last_seen_at: int
    current: bool


class Gap(msgspec.Struct, frozen=True):
    """What was not recorded, summed over equal code, subject and detail."""

    code: str
    subject: int | None
    activity: int | None
    count: int
    detail: str = ""


class Summary(msgspec.Struct, frozen=True):
    """A metric's series in short. ``first`` and ``last`` by step, then time."""

    key: str
    count: int
    first: float
    last: float
    min: float
    max: float
    last_step: int = 0


class Folded(msgspec.Struct, frozen=True):
    """How far a segment is folded: its first ``offset`` bytes, whose CRC-32 is ``crc``."""

    offset: int
    crc: int
    sealed: bool = False
    torn: str = ""


class Point(msgspec.Struct, frozen=True):
    step: int
    value: float
    at: int


class NodeStore(Protocol):
    """Nodes: by number, id, place, digest, name.

    ``number_of`` the id of a read's opening gives the entity that was read. ``attributes`` of an
    activity have ``failed_opens`` where files could not be opened: path, access, error.
    ``owner`` says who runs an activity, from the header of its segment: host, machine, boot, pid,
    process_start, user, root, python, writer; empty where no segment is known. ``entities`` of a
    kind (without content, of any) come latest first, those with a number below ``below``.
    ``shown`` gives the numbers of all nodes that are described, in portions, in their order.
    """

    def nodes(self, numbers: Sequence[int]) -> list[Node]: ...
    def shown(self) -> Iterator[list[int]]: ...
    def number_of(self, uid: bytes) -> int | None: ...
    def numbers_between(self, lowest: bytes, highest: bytes, limit: int = 20) -> list[int]: ...
    def entities(self, kind: str | None, below: int | None, limit: int) -> list[Node]: ...
    def versions_at(self, path: bytes) -> list[Version]: ...
    def versions_of(self, digest: bytes) -> list[Version]: ...
    def version_by_stamp(self, stamp_key: bytes) -> Version | None: ...
    def numbers_named(self, name: str, limit: int = 20) -> list[int]: ...
    def attributes(self, number: int) -> dict[str, Any]: ...
    def attributes_of(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]: ...
    def params(self, number: int) -> dict[str, Any]: ...
    def tags(self, number: int) -> dict[str, Any]: ...
    def owner(self, number: int) -> dict[str, Any]: ...


class RunStore(Protocol):
    """Runs: those that meet a criterion, how many they are, and what criteria can name.

    ``runs`` come newest first unless ordered; ``run_count`` is how many `runs` has without a limit.
    ``field_names`` gives for each space (params, metrics, tags, attributes) the keys that the runs
    have, sorted; of attributes, those that every run has. ``runs_between`` gives the ids from the
    lowest to the highest, in order.
    """

    def runs(
        self,
        criterion: Criterion | None = None,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Node]: ...
    def run_count(self, criterion: Criterion | None = None) -> int: ...
    def field_names(self) -> dict[str, list[str]]: ...
    def runs_between(self, lowest: bytes, highest: bytes) -> list[bytes]: ...


class Described(msgspec.Struct):
    """What is said of a node: its attributes, parameters and tags."""

    attributes: dict[str, Any] = msgspec.field(default_factory=dict)
    params: dict[str, Any] = msgspec.field(default_factory=dict)
    tags: dict[str, Any] = msgspec.field(default_factory=dict)


class ExportStore(Protocol):
    """Many nodes at once, as an export takes them: what is said of each, and the edges from each.

    ``described`` leaves out nodes of which nothing is said; ``owners`` those of which it is not
    known who ran them.
    """

    def described(self, numbers: Sequence[int]) -> dict[int, Described]: ...
    def edges_from(self, numbers: Sequence[int]) -> list[Edge]: ...
    def owners(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]: ...


class EdgeStore(Protocol):
    """Edges: closures, and the edges at or among nodes."""

    def closure(
        self,
        seeds: Sequence[int],
        direction: Direction,
        max_depth: int | None = None,
        max_nodes: int | None = None,
    ) -> tuple[list[int], list[int]]: ...
    def edges_among(self, numbers: Sequence[int]) -> list[Edge]: ...
    def edges_at(self, number: int, direction: Direction) -> list[Edge]: ...
    def by_content(self, numbers: Sequence[int], direction: Direction) -> list[Edge]: ...


class SeriesStore(Protocol):
    """Metric series."""

    def summaries(self, activities: Sequence[int]) -> dict[int, list[Summary]]: ...
    def points(self, activity: int, key: str) -> list[Point]: ...


class Lasting(msgspec.Struct, frozen=True):
    """How long the parts of an activity took that have a beginning and an end, in nanoseconds.

    ``root`` is the activity that was asked for, ``number`` a section of it, ``count`` how many of
    its parts were measured.
    """

    root: int
    number: int
    count: int
    total_ns: int
    least_ns: int
    most_ns: int


class StudyStore(Protocol):
    """Learning as a whole: which models there are, and what belongs to the runs that made them.

    All of it is asked for sets of nodes, never node by node. ``models`` are the entities of that
    kind. ``linked`` gives pairs (asked, other) of nodes that a relation joins: with ``up`` the
    asked are the sources, with ``down`` the targets. ``wholes`` gives pairs (activity, what it is
    part of), the activity itself first, then the nearest. ``outlines`` gives pairs (root, part):
    the root, its stages, processes, calls, and the outermost sections; neither what lies within a
    section nor runs of their own. ``times_within`` measures, in each section called ``within`` that
    a root has in a stage called ``stage`` or outside of all stages, the sections called ``each``:
    a name alone or with a number behind it. ``params_of`` leaves out nodes without parameters.
    ``with_param`` and ``with_attribute`` give at least all activities that have a parameter of that
    name, and all entities of these kinds that have the attribute; maybe some without it.
    """

    def models(self) -> list[int]: ...
    def linked(
        self, numbers: Sequence[int], relation: int, direction: Direction
    ) -> list[tuple[int, int]]: ...
    def wholes(self, activities: Sequence[int]) -> list[tuple[int, int]]: ...
    def outlines(self, roots: Sequence[int]) -> list[tuple[int, int]]: ...
    def times_within(
        self, roots: Sequence[int], stage: str, within: str, each: str
    ) -> list[Lasting]: ...
    def params_of(self, numbers: Sequence[int]) -> dict[int, dict[str, Any]]: ...
    def with_param(self, key: str) -> list[int]: ...
    def with_attribute(self, key: str, kinds: Collection[str]) -> list[int]: ...


class TextStore(Protocol):
    """Text search over names, parameters, tags and attributes; its index is built on first use,
    and what has changed since is looked up when it is used again.

    ``build_text`` does so beforehand, a portion at a time while ``going`` says so; it gives
    whether there is nothing left to build. Others may write between two portions.
    """

    def build_text(self, going: Callable[[], bool]) -> bool: ...
    def search_text(self, query: str, limit: int = 50) -> list[int]: ...


class MetadataStore(Protocol):
    """The store itself: what has been folded, what is missing.

    ``apply`` gives False when the store is already past the batch's start (another process folded
    it): ask `folded` again. It raises SegmentConflictError when the bytes before the batch are not
    those that were folded. ``mark`` says that a segment is sealed or that its end is torn.
    ``size`` is how many bytes the index takes on disk. ``reset`` empties the store.
    ``interrupt``, from another thread, ends the statement that runs, which then raises StoreError;
    it does nothing where none runs.
    ``settle`` returns once what was written outlives a crash of the database, where that is a
    process of its own.
    ``gaps`` of some nodes are those that concern them; with None, all.
    """

    def folded(self) -> dict[bytes, Folded]: ...
    def folded_of(self, segment: bytes) -> Folded | None: ...
    def gaps(self, numbers: Sequence[int] | None = None) -> list[Gap]: ...
    def counts(self) -> dict[str, int]: ...
    def size(self) -> int: ...
    def apply(self, batch: Batch) -> bool: ...
    def mark(self, segment: bytes, sealed: bool, torn: str) -> None: ...
    def check(self) -> list[str]: ...
    def settle(self) -> None: ...
    def interrupt(self) -> None: ...
    def reset(self) -> None: ...
    def close(self) -> None: ...


class Store(
    NodeStore,
    RunStore,
    ExportStore,
    EdgeStore,
    SeriesStore,
    StudyStore,
    TextStore,
    MetadataStore,
    MirroredStore,
    Protocol,
):
    """An index of a journal: all the roles together."""

    def __enter__(self) -> Store: ...
    def __exit__(self, *exc: object) -> None: ...
    def iterate(self) -> Iterator[Node]: ...
