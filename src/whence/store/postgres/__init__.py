"""The index in a schema of a PostgreSQL database: for a team, behind a server."""

from importlib.util import find_spec

from whence._base.errors import MissingExtraError

if find_spec("psycopg") is None:
    raise MissingExtraError(
        "A store on PostgreSQL needs psycopg. Run: pip install 'whence[postgres]'"
    )

from whence.store.postgres.pool import Pool, open_pool
from whence.store.postgres.store import PostgresStore

__all__ = ["Pool", "PostgresStore", "open_pool"]
