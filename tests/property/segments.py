"""Makes journals of several processes for property tests, and dumps what a store answers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from whence._base.ids import derived_id
from whence.journal.frame import Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.model import event as events
from whence.model.criterion import Comparison, Field
from whence.model.place import Stamp
from whence.model.relation import Relation
from whence.query.lineage import closure_answer
from whence.store.protocol import Store

FILESYSTEM = b"fs"
PATHS = [b"/p/a", b"/p/b", b"/q/c"]
RUN = derived_id(b"run")
ACTIVITIES = [RUN, derived_id(b"child"), derived_id(b"group")]
ENTITIES = [derived_id(b"entity", n) for n in range(2)]
DIGESTS = [bytes([n]) * 32 for n in range(3)]
BOOTS = ["boot-one", "boot-one", "boot-one", "boot-two", ""]

# Few values, so that stamps, digests, paths and times meet often.
stamps = st.sampled_from(
    [Stamp(1, 1, 70, 1, 1), Stamp(1, 1, 70, 1, 2), Stamp(1, 1, 70, 2, 1), Stamp(1, 2, 70, 1, 1)]
)
first_stamps = st.sampled_from([Stamp(1, 1, 0, 1, 1), None]) | stamps
maybe_stamps = st.sampled_from([None, Stamp(1, 1, 0, 2, 2)]) | stamps | stamps
times = st.integers(1, 6)
paths = st.sampled_from([PATHS[0], *PATHS])
activities = st.sampled_from([RUN, *ACTIVITIES])
digests = st.sampled_from([DIGESTS[0], *DIGESTS])
values = st.sampled_from([1.0, -1.5, 0.0, -0.0, float("nan"), float("inf"), float("-inf")])
maps = st.dictionaries(st.sampled_from(["k", "l"]), st.integers(0, 3) | values, max_size=2)
OPENINGS = [derived_id(b"opening", n) for n in range(40)]
openings = st.sampled_from(OPENINGS[:6])
named = openings | st.sampled_from(ENTITIES) | activities
kinds = st.sampled_from(["file", "model", "run", "experiment", "frame"])

other_events = st.one_of(
    st.builds(
        events.ActivityStarted, activities, kinds, kinds, st.none() | activities, times, times, maps
    ),
    st.builds(
        events.ActivityEnded,
        activities,
        st.sampled_from(["finished", "failed", "interrupted"]),
        times,
        times,
        maps,
        st.booleans(),
    ),
    st.builds(
        events.ActivityRecorded,
        activities,
        kinds,
        kinds,
        st.none() | activities,
        times,
        times,
        st.just("finished"),
        maps,
        st.dictionaries(st.sampled_from("mn"), values),
        st.lists(st.tuples(named, st.sampled_from(["", "r"])), max_size=1),
        st.lists(st.tuples(named, st.just("")), max_size=1),
    ),
    st.builds(
        events.EntityRecorded,
        named,
        kinds,
        kinds,
        times,
        maps,
        st.none() | digests,
        st.none() | st.integers(60, 70),
    ),
    st.builds(events.AgentRecorded, st.just(derived_id(b"agent")), st.just("person"), kinds, maps),
    st.builds(
        events.RelationRecorded,
        named,
        st.sampled_from([int(r) for r in Relation]),
        named,
        st.integers(0, 2),
        times,
        st.sampled_from(["", "r"]),
    ),
    st.builds(events.ParamsLogged, activities, maps, times),
    st.builds(
        events.MetricLogged, activities, st.sampled_from("mn"), values, st.integers(0, 2), times
    ),
    st.builds(
        events.MetricsLogged,
        activities,
        st.dictionaries(st.sampled_from("mn"), values),
        st.integers(0, 2),
        times,
    ),
    st.builds(events.TagsSet, named, maps, times),
    st.builds(
        events.GapRecorded,
        st.sampled_from(["file-gone", "sampled", "observer-failed"]),
        activities,
        times,
        st.none() | named,
        st.integers(1, 2),
        st.just(""),
        st.just(FILESYSTEM),
        maybe_stamps,
    ),
)

things_of_files = st.one_of(
    st.builds(
        events.FileMoved, activities, st.just(FILESYSTEM), paths, paths, maybe_stamps, times, times
    ),
    st.builds(
        events.FileRemoved, activities, st.just(FILESYSTEM), paths, maybe_stamps, times, times
    ),
    st.builds(events.ContentHashed, st.just(FILESYSTEM), paths, stamps, digests, times),
    st.builds(events.ContentHashed, st.just(FILESYSTEM), paths, stamps, digests, times),
    st.builds(events.ContentHashed, st.just(FILESYSTEM), paths, stamps, digests, times),
    st.builds(events.ContentHashed, st.just(FILESYSTEM), paths, stamps, digests, times),
    st.builds(
        events.RelationRecorded,
        openings | st.sampled_from(ENTITIES),
        st.sampled_from([5, 13, 14]),
        openings,
        st.integers(0, 2),
        times,
        st.sampled_from(["", "r"]),
    ),
)


@st.composite
def file_events(draw: st.DrawFn, ids: list[bytes]) -> list[tuple[int, events.Event]]:
    """(segment, event) pairs: openings, each id once, with or without their closing."""
    found: list[tuple[int, events.Event]] = []
    for opening in ids:
        segment = draw(st.integers(0, 3))
        opened = events.FileOpened(
            opening, draw(activities), draw(st.sampled_from("rrwxau")), FILESYSTEM, draw(paths),
            draw(first_stamps), draw(times), draw(times), draw(st.sampled_from(["", "r"])),
            draw(st.sampled_from(["file", "model"])), None, 0,
            draw(st.sampled_from(["", "", "", "", "OSError"])), draw(maps),
        )  # fmt: skip
        found.append((segment, opened))
        if draw(st.integers(0, 3)):
            closing = events.FileClosed(opening, draw(maybe_stamps), draw(times), draw(times))
            found.append((draw(st.sampled_from([segment, (segment + 1) % 4])), closing))
    return found


@st.composite
def journals(draw: st.DrawFn) -> list[bytes]:
    """One to four segments of one run, as bytes."""
    pairs = draw(file_events(OPENINGS[: draw(st.sampled_from([6, 4, 3, 2, 1, 0]))]))
    more = draw(st.lists(things_of_files, max_size=8)) if pairs else []
    more += draw(st.lists(other_events, max_size=8))
    pairs += [(draw(st.integers(0, 3)), event) for event in more]
    pairs = draw(st.permutations(pairs))
    count = draw(st.integers(1, 4))
    return [
        segment_bytes(
            number,
            [event for segment, event in pairs if segment % count == number],
            draw(st.sampled_from(BOOTS)),
        )
        for number in range(count)
    ]


def segment_bytes(number: int, recorded: list[events.Event], boot: str = "boot-one") -> bytes:
    """A whole segment, without the clock or chance."""
    header = Header(
        schema=SCHEMA, writer="test", segment=derived_id(b"segment", number), run=RUN,
        activity=ACTIVITIES[number % 2], role="program", host="host", machine="host", boot=boot,
        pid=1, process_start=1, user="user", root=b"/p", wall=1000 + number, mono=10,
    )  # fmt: skip
    preamble = Preamble(bytes([number + 1]) * 8, bytes(32))
    payloads = [encode_header(header), *(events.encoder.encode(event) for event in recorded)]
    return preamble.encode() + b"".join(
        encode_frame(preamble.salt, sequence, payload) for sequence, payload in enumerate(payloads)
    )


def dump(store: Store) -> dict[str, Any]:
    """All that a store answers, free of its numbers, so that two stores can be compared."""
    nodes = list(store.iterate())
    numbers = [node.number for node in nodes]
    referred = {e.source for n in numbers for e in store.edges_at(n, "down")} | {
        e.target for n in numbers for e in store.edges_at(n, "up")
    }
    everything = store.nodes(sorted(referred | set(numbers)))
    uid = {node.number: node.uid for node in everything}
    edges = store.edges_among(list(uid))
    return {
        "nodes": {node.uid: repr(node)[repr(node).index("uid=") :] for node in everything},
        "numbers": {node.uid: store.number_of(node.uid) == node.number for node in everything},
        "openings": {o: uid.get(store.number_of(o) or 0) for o in OPENINGS[:6]},
        "edges": sorted(
            (uid[e.source], e.relation, uid[e.target], e.role, e.known, e.at or 0) for e in edges
        ),
        "attributes": _by_uid(uid, store.attributes_of(list(uid))),
        "tags": {uid[n]: repr(store.tags(n)) for n in numbers},
        "params": {uid[n]: repr(store.params(n)) for n in numbers},
        "owners": {uid[n]: store.owner(n) for n in numbers},
        "series": _by_uid(uid, store.summaries(numbers)),
        "points": {
            (uid[n], key): repr(store.points(n, key)) for n in numbers for key in ("m", "n")
        },
        "runs": [node.uid for node in store.runs()],
        "versions": {
            path: sorted((uid.get(v.number, b""), *repr(v).split("path=")[1:]) for v in versions)
            for path in PATHS
            for versions in (store.versions_at(path),)
        },
        "digests": {
            digest: sorted((uid[v.number], v.path, v.current) for v in store.versions_of(digest))
            for digest in DIGESTS
        },
        "gaps": sorted(
            (g.code, uid.get(g.subject or 0, b""), uid.get(g.activity or 0, b""), g.count, g.detail)
            for g in store.gaps()
        ),
        "by content": sorted(
            (uid[e.source], uid[e.target])
            for way in ("up", "down")
            for e in store.by_content(numbers, way)  # type: ignore[arg-type]
        ),
        "closures": {
            (node.uid, way): _answer(store, node.number, way)
            for node in nodes
            for way in ("up", "down")
        },
        "counts": store.counts(),
        "filtered": [
            [node.uid for node in store.runs(Comparison(Field("metrics", key), *comparison))]
            for key in ("m", "n")
            for comparison in (("<", (1.0,)), ("is null", ()))
        ],
        "series again": _by_uid(uid, store.summaries(numbers)),
        "counts again": store.counts(),
        "text": sorted(uid[n] for n in store.search_text("model")),
    }


def _answer(store: Store, number: int, way: Any) -> Any:
    answer = closure_answer(store, [number], way)
    gaps = sorted((g.code, g.subject or "", g.count) for g in answer.completeness.gaps)
    return (sorted(n.id for n in answer.nodes), sorted(map(repr, answer.edges)), gaps)


def _by_uid(uid: dict[int, bytes], values: dict[int, Any]) -> dict[bytes, str]:
    return {uid[number]: repr(value) for number, value in values.items()}
