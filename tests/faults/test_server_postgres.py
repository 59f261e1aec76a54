"""A server on PostgreSQL: it, or its database, is killed while clients send; 48 send at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.property.segments import dump
from tests.support.postgres import Postgres, binaries
from tests.support.receiving import ServerProcess, held_in, until
from tests.support.shipping import client, ship_all
from whence._base.errors import ServerError
from whence.journal.remote import Remote
from whence.journal.ship import Shipper
from whence.server.project import schema_of
from whence.service.index import fold_new, open_index
from whence.store.protocol import Store

pytestmark = pytest.mark.skipif(binaries() is None, reason="no PostgreSQL here")
pytest.importorskip("psycopg")

CLIENTS = 48
ASKING = httpx.Client(timeout=60, trust_env=False)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with closing(Postgres()) as found:
        yield found


def answer(server: ServerProcess, path: str) -> httpx.Response:
    return ASKING.get(f"http://127.0.0.1:{server.port}{path}")


def indexed(server: ServerProcess) -> dict[str, Any]:
    """What a project holds, once all of its journal is in the index."""

    def facts() -> dict[str, Any]:
        found = answer(server, "/api/v1/projects/demo/status").raise_for_status()
        return found.json()["store"]

    until(lambda: facts()["unindexed"] == 0, "all to be indexed")
    return facts()["counts"]


def in_database(postgres: Postgres) -> object:
    from whence.store.postgres import PostgresStore

    with PostgresStore(postgres.url, schema_of("demo")) as store:
        return dump(store)


def in_file(folder: Path) -> object:
    """The same of a store's own index, in SQLite."""
    fold_new(folder)
    index: Store
    with open_index(folder) as index:
        return dump(index)


def test_a_server_killed_in_mid_ingest_folds_the_rest_once(
    postgres: Postgres, tmp_path: Path
) -> None:
    store = client(tmp_path / "client", runs=12, points=3000)
    (tmp_path / "home").mkdir()
    server = ServerProcess(tmp_path / "home", "--store", postgres.url).start()
    url = server.url()
    for _ in range(5):
        shipper = Shipper(str(store), Remote(url), batch=16 << 10, answer_s=10)
        killer = threading.Timer(random.uniform(0.05, 0.4), server.kill)
        killer.start()
        with suppress(ServerError):
            while killer.is_alive():
                shipper.step()
        killer.join()
        shipper.close()
        server.start()
    ship_all(Shipper(str(store), Remote(url)))
    counts = indexed(server)
    server.stop()
    assert (counts["runs"], counts["points"]) == (12, 36_000)
    assert held_in(server.folder()) == held_in(store)
    assert in_database(postgres) == in_file(store)


def test_a_killed_postgresql_is_told_and_the_server_goes_on_by_itself(
    postgres: Postgres, tmp_path: Path
) -> None:
    store = client(tmp_path / "client", runs=12, points=3000)
    (tmp_path / "home").mkdir()
    with ServerProcess(tmp_path / "home", "--store", postgres.url) as server:
        shipper = Shipper(str(store), Remote(server.url()), batch=16 << 10)
        shipper.step()
        until(lambda: answer(server, "/api/v1/projects/demo/runs").json()["items"], "a first run")
        postgres.kill()
        asked = answer(server, "/api/v1/projects/demo/runs")
        assert (asked.status_code, asked.json()["code"]) == (503, "store-away")
        assert asked.headers["retry-after"] == "5"
        assert str(postgres.folder) not in asked.text  # nor anything else of the database
        assert answer(server, "/health").status_code == 503
        ship_all(shipper)  # the journal takes it all in meanwhile
        assert held_in(server.folder()) == held_in(store)
        postgres.start()
        until(lambda: answer(server, "/health").status_code == 200, "the server to be well")
        counts = indexed(server)
    assert (counts["runs"], counts["points"]) == (12, 36_000)
    assert in_database(postgres) == in_file(store)


def test_clients_at_once_are_all_taken_in_once(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    stores = [client(tmp_path / str(one), runs=1, points=60) for one in range(CLIENTS)]
    with ServerProcess(tmp_path / "home", "--store", postgres.url) as server:
        remote = Remote(server.url())
        begin = threading.Barrier(CLIENTS)

        def send(store: Path) -> None:
            shipper = Shipper(str(store), remote, batch=512)
            begin.wait(60)
            while shipper.outstanding().segments:
                shipper.step()  # no refusal, no trouble: nothing is tried again
            shipper.close()

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(send, stores))
        counts = indexed(server)
        held: dict[str, str] = {}
        for store in stores:
            held |= held_in(store)
        assert held_in(server.folder()) == held
    assert (counts["runs"], counts["points"]) == (CLIENTS, CLIENTS * 60)
