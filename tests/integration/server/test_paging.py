"""The pages of a list hold each run once, in every order, whatever arrives in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.journal import JournalBuilder
from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.service.index import open_store
from whence.service.paging import run_page
from whence.store.protocol import Store

NAN, INF = float("nan"), float("inf")
VALUES = [1, 2.5, "ten", True, None, -3, "eleven", NAN, INF, "", 2**60, 1e-300, 1]
"""Of a parameter, by run; of the metric the numbers among them. Further runs have none."""
ORDERS = [
    None, "start_time", "name desc", "params.p", "params.p desc", "metrics.m", "metrics.m desc",
    "tags.t desc, params.p", "status, metrics.m desc", "user", "commit desc", "experiment, host",
    "end_time desc", "run_id", "kind",
]  # fmt: skip


def journal_of(folder: Path) -> JournalBuilder:
    journal = JournalBuilder(folder)
    for number in range(len(VALUES) + 4):
        add_run(journal, number)
    return journal


def add_run(journal: JournalBuilder, number: int) -> None:
    with journal.run(f"train_{number % 3}.py") as run:
        if number < len(VALUES):
            value = VALUES[number]
            run.params(p=value)
            if isinstance(value, int | float):
                run.metric("m", float(value))
        run.tags(t=number % 2)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> JournalBuilder:
    return journal_of(tmp_path_factory.mktemp("paging"))


@pytest.fixture
def store(journal: JournalBuilder) -> Iterator[Store]:
    with open_store(journal.store) as found:
        yield found


def turned(store: Store, order: str | None, limit: int, filter: str | None = None) -> list[str]:
    """The ids on all pages."""
    page = run_page(store, filter, order, limit, None)
    found = [item.id for item in page.items]
    while page.next is not None:
        page = run_page(store, filter, order, limit, page.next)
        found += [item.id for item in page.items]
    return found


def all_at_once(store: Store, order: str | None) -> list[str]:
    return [item.id for item in run_page(store, None, order, 1000, None).items]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 4])
def test_pages_put_together_are_the_whole_list(store, order, limit):
    assert turned(store, order, limit) == all_at_once(store, order)


@pytest.mark.parametrize("order", ORDERS)
def test_a_run_that_comes_between_two_pages_doubles_and_hides_none(tmp_path, order):
    journal = journal_of(tmp_path)
    with open_store(journal.store) as store:
        before = all_at_once(store, order)
        page = run_page(store, None, order, 3, None)
        found = [item.id for item in page.items]
    number = len(before)
    while page.next is not None:
        add_run(journal, number % len(VALUES))
        number += 1
        with open_store(journal.store) as store:
            page = run_page(store, None, order, 3, page.next)
        found += [item.id for item in page.items]
        assert number < 1000
    assert [one for one in found if one in before] == before
    assert len(set(found)) == len(found)


def test_a_filter_holds_on_every_page_and_for_the_total(store):
    wanted = "status = 'finished' and params.p IS NULL"
    page = run_page(store, wanted, None, 2, None, total=True)
    assert page.total == 5
    assert len(turned(store, None, 2, wanted)) == 5
    assert turned(store, "metrics.m", 2, "metrics.m > 0") == [
        item.id for item in run_page(store, "metrics.m > 0", "metrics.m", 100, None).items
    ]


def test_a_cursor_is_stable_and_one_of_another_order_is_refused(store):
    first = run_page(store, None, None, 3, None)
    assert run_page(store, None, None, 3, None).next == first.next
    assert first.next is not None
    with pytest.raises(UsageError, match="of another order"):
        run_page(store, None, "name", 3, first.next)
    for text in ("", "x", "!!!!", first.next[:-4], first.next + "AAAA"):
        with pytest.raises(UsageError, match="begin without one"):
            run_page(store, None, None, 3, text)


def test_a_page_without_values_has_the_same_runs(store):
    whole = run_page(store, None, None, 5, None)
    bare = run_page(store, None, None, 5, None, whole=False)
    assert [item.id for item in bare.items] == [item.id for item in whole.items]
    assert "params" in whole.items[0].attributes
    assert "params" not in bare.items[0].attributes
    assert bare.total is None
    assert whole.items[0].id == format_id(store.runs()[0].uid)


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_can_begin_anywhere(store, order):
    every = all_at_once(store, order)
    for offset in (0, 1, 5, len(every) - 1, len(every), len(every) + 9):
        page = run_page(store, None, order, 3, None, offset=offset)
        assert [item.id for item in page.items] == every[offset : offset + 3]
        if page.next is not None:
            rest = run_page(store, None, order, 1000, page.next)
            assert [item.id for item in rest.items] == every[offset + 3 :]


def test_a_page_begins_at_a_cursor_or_at_an_offset(store):
    first = run_page(store, None, None, 3, None)
    with pytest.raises(UsageError, match="give one of them"):
        run_page(store, None, None, 3, first.next, offset=2)
