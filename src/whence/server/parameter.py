"""The query parameters that several operations share, as types with their bounds and meanings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Thing = Annotated[
    str,
    Meta(
        description="A recorded path or its ending, a run, digest or id (or the unique start of "
        "one), or a name",
        max_length=8192,
        examples=["models/model.joblib", "0193f2a1"],
    ),
]
Limit = Annotated[int, Meta(description="How many at most", ge=1, le=1000)]
Cursor = Annotated[
    Annotated[str, Meta(max_length=8192)] | None,
    Meta(description="Where to go on: the `next` of the page before; none for the first page"),
]
Offset = Annotated[
    int,
    Meta(description="Leave out so many from the first; not with a cursor", ge=0, le=2**31),
]
Filter = Annotated[
    Annotated[str, Meta(max_length=8192)] | None,
    Meta(
        description="Only the runs for which this holds, as of `whence log --filter`",
        examples=["metrics.acc >= 0.9 and params.lr < 0.1"],
    ),
]
OrderBy = Annotated[
    Annotated[str, Meta(max_length=2048)] | None,
    Meta(
        description="The fields to order by; newest first without",
        examples=["metrics.acc desc, start_time"],
    ),
]
AllVersions = Annotated[
    bool, Meta(description="Also of the other versions that were recorded at the path")
]
Number = Annotated[int, Meta(ge=1, le=2**31)]
Depth = Annotated[
    Number | None, Meta(description="At most so many steps away; what is cut is said")
]
Nodes = Annotated[Number | None, Meta(description="At most so many nodes; what is cut is said")]
