"""The tables of the SQLite index, version by version; codes are in `whence.store.sql.term`.

Times are nanoseconds.
Columns under "bound" are derived by the binding and follow from the rest.
"""

from __future__ import annotations

VERSION_1 = """
CREATE TABLE segment(
  number INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE,
  run BLOB, activity BLOB, role TEXT, host TEXT, machine TEXT, boot INTEGER, pid INTEGER,
  process_start INTEGER, user TEXT, root BLOB, wall INTEGER, mono INTEGER, serial INTEGER,
  python TEXT, writer TEXT,
  folded INTEGER NOT NULL, crc INTEGER NOT NULL, frames INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL, unknown INTEGER NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0, torn TEXT NOT NULL DEFAULT '');
CREATE INDEX segment_activity ON segment(activity);
CREATE INDEX segment_run ON segment(run);
CREATE TABLE hole(
  segment INTEGER, offset INTEGER, length INTEGER, reason TEXT,
  PRIMARY KEY(segment, offset)) WITHOUT ROWID;

CREATE TABLE node(
  number INTEGER PRIMARY KEY, uid BLOB NOT NULL,
  type INTEGER NOT NULL DEFAULT 0, rank INTEGER NOT NULL DEFAULT 0,
  said_at INTEGER NOT NULL DEFAULT 0, kind TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '',
  started_at INTEGER, end_rank INTEGER NOT NULL DEFAULT 0, ended_at INTEGER,
  status TEXT NOT NULL DEFAULT '',
  digest BLOB, size INTEGER,
  content INTEGER, found INTEGER);
CREATE UNIQUE INDEX node_uid ON node(uid);
CREATE INDEX node_run ON node(started_at, number) WHERE type = 2 AND kind = 'run';
CREATE INDEX node_found ON node(found) WHERE found = 1;
CREATE TABLE refined(node INTEGER PRIMARY KEY, kind TEXT NOT NULL);

CREATE TABLE role(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO role VALUES(0, '');
CREATE TABLE edge(
  src INTEGER, rel INTEGER, dst INTEGER, role INTEGER, origin INTEGER,
  known INTEGER NOT NULL, at INTEGER,
  PRIMARY KEY(src, rel, dst, role, origin)) WITHOUT ROWID;
CREATE INDEX edge_reverse ON edge(dst, rel, src);

CREATE TABLE facet(
  number INTEGER PRIMARY KEY,
  node INTEGER, space INTEGER, at INTEGER, segment INTEGER, sequence INTEGER, body BLOB NOT NULL);
CREATE INDEX facet_node ON facet(node, space);

CREATE TABLE key(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE series(
  node INTEGER, key INTEGER, count INTEGER NOT NULL,
  last_step INTEGER, last_at INTEGER, last REAL, blocks INTEGER NOT NULL DEFAULT 0,
  first_step INTEGER, first_at INTEGER, first REAL, min REAL, max REAL,
  PRIMARY KEY(node, key)) WITHOUT ROWID;
CREATE TABLE block(
  node INTEGER, key INTEGER, number INTEGER, count INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(node, key, number)) WITHOUT ROWID;

CREATE TABLE boot(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL);
CREATE TABLE place(
  number INTEGER PRIMARY KEY, path BLOB NOT NULL, filesystem BLOB NOT NULL,
  UNIQUE(path, filesystem));
CREATE TABLE stamp(
  number INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE,
  inode INTEGER, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER);
CREATE TABLE opening(
  node INTEGER PRIMARY KEY, activity INTEGER, access TEXT, place INTEGER, asked BLOB,
  role INTEGER, known INTEGER, error TEXT, stamp INTEGER, at INTEGER, mono INTEGER,
  boot INTEGER, segment INTEGER,
  closed INTEGER, closed_mono INTEGER, closed_at INTEGER,
  final INTEGER, bound INTEGER, how INTEGER NOT NULL DEFAULT 0);
CREATE INDEX opening_place ON opening(place);
CREATE INDEX opening_stamp ON opening(stamp);
CREATE INDEX opening_final ON opening(final) WHERE final IS NOT NULL;
CREATE INDEX opening_bound ON opening(bound) WHERE bound IS NOT NULL;
CREATE INDEX opening_failed ON opening(activity) WHERE error <> '';
CREATE TABLE closing(node INTEGER PRIMARY KEY, mono INTEGER, at INTEGER, stamp BLOB);
CREATE TABLE move(
  segment INTEGER, sequence INTEGER, activity INTEGER, source INTEGER, target INTEGER,
  stamp INTEGER, at INTEGER, mono INTEGER, boot INTEGER, bound INTEGER,
  PRIMARY KEY(segment, sequence));
CREATE INDEX move_source ON move(source);
CREATE INDEX move_target ON move(target);
CREATE INDEX move_stamp ON move(stamp);
CREATE INDEX move_bound ON move(bound) WHERE bound IS NOT NULL;
CREATE TABLE removal(
  segment INTEGER, sequence INTEGER, activity INTEGER, place INTEGER,
  stamp INTEGER, at INTEGER, mono INTEGER, boot INTEGER, bound INTEGER,
  PRIMARY KEY(segment, sequence));
CREATE INDEX removal_place ON removal(place);
CREATE INDEX removal_stamp ON removal(stamp);
CREATE INDEX removal_bound ON removal(bound) WHERE bound IS NOT NULL;
CREATE TABLE hash(
  stamp INTEGER, content INTEGER, place INTEGER, at INTEGER,
  PRIMARY KEY(stamp, content, place)) WITHOUT ROWID;
CREATE INDEX hash_content ON hash(content);
CREATE INDEX hash_place ON hash(place);

CREATE TABLE gap(
  segment INTEGER, sequence INTEGER, code TEXT NOT NULL, activity INTEGER, subject INTEGER,
  count INTEGER NOT NULL, detail TEXT NOT NULL, stamp INTEGER,
  PRIMARY KEY(segment, sequence)) WITHOUT ROWID;
CREATE INDEX gap_activity ON gap(activity);
CREATE INDEX gap_subject ON gap(subject) WHERE subject IS NOT NULL;
CREATE INDEX gap_stamp ON gap(stamp) WHERE stamp IS NOT NULL;

CREATE TABLE lookup_key(space INTEGER, key TEXT, PRIMARY KEY(space, key)) WITHOUT ROWID;
CREATE TABLE lookup(
  space INTEGER, key TEXT, node INTEGER, num NUMERIC, text TEXT,
  PRIMARY KEY(space, key, node)) WITHOUT ROWID;
CREATE INDEX lookup_num ON lookup(space, key, num) WHERE num IS NOT NULL;
CREATE INDEX lookup_text ON lookup(space, key, text) WHERE text IS NOT NULL;
"""

VERSION_2 = """
CREATE TABLE sheet(
  node INTEGER PRIMARY KEY, at INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL);
"""
"""``sheet`` holds what came in one go with a node: metrics of one point each, at step 0, as a
MessagePack map. A point is in a sheet or in ``series``, never in both: it moves to ``series`` when
the node gets further points, or when its key is asked for in a filter."""

VERSION_3 = """
CREATE INDEX node_entity ON node(kind) WHERE type = 1;
CREATE INDEX facet_params ON facet(node) WHERE space = 1;
"""
"""Entities and parameters are few beside the activities of long trainings. Questions about learning
begin with the models, the data and what they were given."""

VERSION_4 = """
DROP INDEX node_run;
CREATE INDEX node_run ON node(started_at, uid) WHERE type = 2 AND kind = 'run';
CREATE INDEX node_run_status ON node(status, started_at, uid) WHERE type = 2 AND kind = 'run';
"""
"""A table of runs asks for any page of them, newest first, and for those that failed or run."""

VERSIONS: tuple[str, ...] = (VERSION_1, VERSION_2, VERSION_3, VERSION_4)
"""What to run to come from version N to version N + 1, for N from 0 on. Never change one that was
released: add the next."""
