"""The process that answers one query, so that it can be ended.

It reads the request as JSON from stdin, writes the answer to stdout, and to stderr one line of JSON
that says what kind of answer it is, or what was wrong.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from whence.standards.sparql.confinement import limit, without_network


def main() -> int:
    request = json.load(sys.stdin)
    limit(request["timeout_s"])
    import pyoxigraph

    store = pyoxigraph.Store.read_only(request["triples"])
    without_network()
    try:
        found = store.query(
            request["query"],
            prefixes=request["prefixes"],
            use_default_graph_as_union=request["union"],
        )
        said = _write(found, request["format"])
    except SyntaxError as error:
        said = {"error": "syntax", "message": str(error)}
    except MemoryError:
        said = {"error": "memory"}
    except OSError as error:
        said = {"error": "os", "message": str(error), "errno": error.errno}
    except (ValueError, RuntimeError) as error:
        said = {"error": "other", "message": str(error)}
    print(json.dumps(said), file=sys.stderr)
    return 0


def _write(found: Any, format: str) -> dict[str, Any]:
    """Write the answer in the format, where it can be; say of which kind it is."""
    import pyoxigraph

    graphs = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    }
    if isinstance(found, pyoxigraph.QueryTriples):
        chosen = "turtle" if format == "any" else format
        if chosen in graphs:
            found.serialize(sys.stdout.buffer, format=graphs[chosen])
        return {"kind": "graph", "format": chosen}
    tables = {
        "json": pyoxigraph.QueryResultsFormat.JSON,
        "csv": pyoxigraph.QueryResultsFormat.CSV,
    }
    chosen = "json" if format == "any" else format
    if chosen == "csv" and isinstance(found, pyoxigraph.QueryBoolean):
        sys.stdout.write(f"{str(bool(found)).lower()}\r\n")
    elif chosen in tables:
        found.serialize(sys.stdout.buffer, format=tables[chosen])
    sys.stdout.flush()
    return {"kind": "table", "format": chosen}


if __name__ == "__main__":
    sys.exit(main())
