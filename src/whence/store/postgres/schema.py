"""The tables of the PostgreSQL index, version by version; codes are in `whence.store.sql.term`.

They are those of SQLite with exact types. Text is sorted by its bytes. Numbers of nodes, places and
the like have four bytes, so that an edge is narrow: two billion nodes a project. Each direction of
edges has an index that answers closures alone. A text or path of any length must find room: btree
indexes have none for long ones, so they have hash indexes, and the writer, who is alone, sees to it
that none is there twice.
"""

from __future__ import annotations

import re

VERSION_1 = """
CREATE TABLE segment(
  number integer PRIMARY KEY, uid bytea NOT NULL UNIQUE,
  run bytea, activity bytea, role text COLLATE "C", host text COLLATE "C", machine text COLLATE "C",
  boot integer, pid bigint, process_start bigint, "user" text COLLATE "C", root bytea, wall bigint,
  mono bigint, serial bigint, python text COLLATE "C", writer text COLLATE "C",
  folded bigint NOT NULL, crc bigint NOT NULL, frames bigint NOT NULL,
  last_sequence bigint NOT NULL, unknown bigint NOT NULL,
  sealed smallint NOT NULL DEFAULT 0, torn text COLLATE "C" NOT NULL DEFAULT '');
CREATE INDEX segment_activity ON segment(activity);
CREATE INDEX segment_run ON segment(run);
CREATE TABLE hole(
  segment integer, "offset" bigint, length bigint, reason text COLLATE "C",
  PRIMARY KEY(segment, "offset"));

CREATE TABLE node(
  number integer PRIMARY KEY, uid bytea NOT NULL,
  type smallint NOT NULL DEFAULT 0, rank smallint NOT NULL DEFAULT 0,
  said_at bigint NOT NULL DEFAULT 0, kind text COLLATE "C" NOT NULL DEFAULT '',
  name text COLLATE "C" NOT NULL DEFAULT '',
  started_at bigint, end_rank smallint NOT NULL DEFAULT 0, ended_at bigint,
  status text COLLATE "C" NOT NULL DEFAULT '',
  digest bytea, size bigint,
  content integer, found smallint);
CREATE UNIQUE INDEX node_uid ON node(uid);
CREATE INDEX node_run ON node(started_at DESC NULLS LAST, uid DESC)
  WHERE type = 2 AND kind = 'run';
CREATE INDEX node_entity ON node(number) WHERE type = 1;
CREATE INDEX node_model ON node(number) WHERE type = 1 AND kind = 'model';
CREATE INDEX node_found ON node(found) WHERE found = 1;
CREATE TABLE refined(node integer PRIMARY KEY, kind text COLLATE "C" NOT NULL);

CREATE TABLE role(number integer PRIMARY KEY, name text COLLATE "C" NOT NULL);
CREATE INDEX role_name ON role USING hash(name);
INSERT INTO role VALUES(0, '');
CREATE TABLE edge(
  src integer, rel smallint, origin smallint, dst integer, role integer, known smallint NOT NULL,
  at bigint, PRIMARY KEY(src, rel, dst, role, origin));
CREATE INDEX edge_reverse ON edge(dst, rel, src);

CREATE TABLE facet(
  node integer, space smallint, at bigint, segment integer, sequence bigint, body bytea NOT NULL);
CREATE INDEX facet_node ON facet(node, space);
CREATE INDEX facet_params ON facet(node) WHERE space = 1;

CREATE TABLE key(number integer PRIMARY KEY, name text COLLATE "C" NOT NULL);
CREATE INDEX key_name ON key USING hash(name);
CREATE TABLE series(
  node integer, key integer, count bigint NOT NULL,
  last_step bigint, last_at bigint, last double precision, blocks bigint NOT NULL DEFAULT 0,
  first_step bigint, first_at bigint, first double precision,
  min double precision, max double precision,
  PRIMARY KEY(node, key));
CREATE TABLE block(
  node integer, key integer, number integer, count bigint NOT NULL, body bytea NOT NULL,
  PRIMARY KEY(node, key, number));
CREATE TABLE sheet(
  node integer PRIMARY KEY, at bigint NOT NULL, count bigint NOT NULL, body bytea NOT NULL);

CREATE TABLE boot(
  number integer PRIMARY KEY, name text COLLATE "C" NOT NULL, epoch bigint NOT NULL);
CREATE INDEX boot_name ON boot USING hash(name);
CREATE TABLE place(
  number integer PRIMARY KEY, path bytea NOT NULL, filesystem bytea NOT NULL);
CREATE INDEX place_path ON place USING hash(path);
CREATE TABLE stamp(
  number integer PRIMARY KEY, uid bytea NOT NULL UNIQUE,
  inode bigint, size bigint, mtime_ns bigint, ctime_ns bigint);
CREATE TABLE opening(
  node integer PRIMARY KEY, activity integer, access text COLLATE "C", place integer, asked bytea,
  role integer, known smallint, error text COLLATE "C", stamp integer, at bigint, mono bigint,
  boot integer, segment integer,
  closed integer, closed_mono bigint, closed_at bigint,
  final integer, bound integer, how smallint NOT NULL DEFAULT 0);
CREATE INDEX opening_place ON opening(place);
CREATE INDEX opening_stamp ON opening(stamp);
CREATE INDEX opening_final ON opening(final) WHERE final IS NOT NULL;
CREATE INDEX opening_bound ON opening(bound) WHERE bound IS NOT NULL;
CREATE INDEX opening_failed ON opening(activity) WHERE error <> '';
CREATE TABLE closing(node integer PRIMARY KEY, mono bigint, at bigint, stamp bytea);
CREATE TABLE move(
  segment integer, sequence bigint, activity integer, source integer, target integer,
  stamp integer, at bigint, mono bigint, boot integer, bound integer,
  PRIMARY KEY(segment, sequence));
CREATE INDEX move_source ON move(source);
CREATE INDEX move_target ON move(target);
CREATE INDEX move_stamp ON move(stamp);
CREATE INDEX move_bound ON move(bound) WHERE bound IS NOT NULL;
CREATE TABLE removal(
  segment integer, sequence bigint, activity integer, place integer,
  stamp integer, at bigint, mono bigint, boot integer, bound integer,
  PRIMARY KEY(segment, sequence));
CREATE INDEX removal_place ON removal(place);
CREATE INDEX removal_stamp ON removal(stamp);
CREATE INDEX removal_bound ON removal(bound) WHERE bound IS NOT NULL;
CREATE TABLE hash(
  stamp integer, content integer, place integer, at bigint,
  PRIMARY KEY(stamp, content, place));
CREATE INDEX hash_content ON hash(content);
CREATE INDEX hash_place ON hash(place);

CREATE TABLE gap(
  segment integer, sequence bigint, code text COLLATE "C" NOT NULL, activity integer,
  subject integer, count bigint NOT NULL, detail text COLLATE "C" NOT NULL, stamp integer,
  PRIMARY KEY(segment, sequence));
CREATE INDEX gap_activity ON gap(activity);
CREATE INDEX gap_subject ON gap(subject) WHERE subject IS NOT NULL;
CREATE INDEX gap_stamp ON gap(stamp) WHERE stamp IS NOT NULL;

CREATE TABLE lookup_key(space smallint, key text COLLATE "C", PRIMARY KEY(space, key));
CREATE TABLE lookup(
  space smallint, key text COLLATE "C", node integer, num numeric, text text COLLATE "C",
  PRIMARY KEY(space, key, node));
CREATE INDEX lookup_num ON lookup(space, key, num) WHERE num IS NOT NULL
"""

VERSION_2 = """
CREATE INDEX node_run_status ON node(status, started_at DESC NULLS LAST, uid DESC)
  WHERE type = 2 AND kind = 'run'
"""

TABLES = tuple(re.findall(r"CREATE TABLE (\w+)", VERSION_1))

VERSIONS: tuple[str, ...] = (VERSION_1, VERSION_2)
"""What to run to come from version N to version N + 1, for N from 0 on. Never change one that was
released: add the next."""
