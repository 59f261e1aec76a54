"""A client that does not wait for its answer holds no thread: what runs for it is ended."""

import asyncio
import threading
from pathlib import Path

import pytest

from benchmarks.many_runs import make
from whence._base.errors import TookTooLongError
from whence.server import app as server_app
from whence.server.access.principal import OpenAccess
from whence.server.operation import Call, NoQuery, Operation
from whence.server.project import LocalProject

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("many"), 50)


class Leaver:
    """Asks a route, and goes once the question runs; ``ended`` is how that ended."""

    def __init__(self, store: Path) -> None:
        self.projects = LocalProject(store)
        self.app = server_app.make_app(self.projects, OpenAccess())
        self.running, self.ended = threading.Event(), []
        operation = Operation("GET", "/projects/{project}/endless", self.handle, "Never ends")
        self.app.router.routes.insert(0, server_app._route(operation))

    def handle(self, call: Call[NoQuery]) -> None:
        with call.questions() as asked:
            self.running.set()
            try:
                asked.store.connection.all(ENDLESS)
            finally:
                self.ended.append(True)

    async def ask(self, before: asyncio.Event | None = None) -> list[int]:
        sent: list[int] = []
        messages = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive():
            if messages:
                return messages.pop()
            if before is None:
                await asyncio.to_thread(self.running.wait, PATIENCE_S)
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message.get("status", 0))

        path = "/api/v1/projects/local/endless"
        await self.app(
            {
                "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
                "query_string": b"", "headers": [(b"host", b"localhost")], "root_path": "",
                "scheme": "http", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
                "http_version": "1.1",
            },
            receive, send,
        )  # fmt: skip
        return sent


def test_what_runs_for_a_client_that_left_is_ended(store):
    leaver = Leaver(store)
    statuses = asyncio.run(asyncio.wait_for(leaver.ask(), PATIENCE_S))
    assert (statuses[0], leaver.ended) == (499, [True])
    with leaver.projects.find("local").questions() as asked:
        assert asked.store.run_count() == 50


def test_a_call_that_waits_for_a_thread_does_not_begin_when_its_client_left(store):
    from anyio import to_thread

    leaver = Leaver(store)

    async def asked_while_no_thread_is_free() -> list[int]:
        limiter = to_thread.current_default_thread_limiter()
        limiter.total_tokens, before = 1, limiter.total_tokens
        free = threading.Event()
        busy = asyncio.ensure_future(to_thread.run_sync(free.wait, PATIENCE_S))
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(leaver.ask(asyncio.Event()), PATIENCE_S)
        finally:
            free.set()
            await busy
            limiter.total_tokens = before

    statuses = asyncio.run(asked_while_no_thread_is_free())
    assert (statuses[0], leaver.ended, leaver.running.is_set()) == (499, [], False)


def test_a_deadline_that_is_over_lets_no_question_begin(store):
    from whence.server.deadline import Deadline, current

    deadline = Deadline(1)
    deadline.expire()
    token = current.set(deadline)
    try:
        with pytest.raises(TookTooLongError), LocalProject(store).find("local").questions():
            raise AssertionError
    finally:
        current.reset(token)
