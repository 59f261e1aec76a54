"""The status says what of the journal is not in the index yet."""

from pathlib import Path

from tests.support.journal import JournalBuilder
from whence.journal.layout import open_segments
from whence.journal.seal import seal
from whence.service.index import fold_new, open_index
from whence.service.status import StoreFacts, store_status


def facts(store: Path) -> StoreFacts:
    with open_index(store) as index:
        return store_status(index, store).store


def test_the_rest_of_a_segment_that_was_sealed_after_it_was_folded_is_not_indexed(tmp_path):
    journal = JournalBuilder(tmp_path)
    with journal.run("train.py") as run:
        run.metric("loss", 1.0, 0)
        fold_new(journal.store)
        assert facts(journal.store).unindexed == 0
        run.metric("loss", 0.5, 1)
        assert facts(journal.store).unindexed > 0
    for file in open_segments(journal.store):
        seal(journal.store, file)
    behind = facts(journal.store)
    assert (behind.unindexed > 0, behind.unindexed_segments) == (True, 1)
    assert behind.counts["points"] == 1
    fold_new(journal.store)
    whole = facts(journal.store)
    assert (whole.unindexed, whole.unindexed_segments, whole.counts["points"]) == (0, 0, 2)
