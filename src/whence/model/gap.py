"""What can be missing from the record, by stable code. A gap is counted, never silent."""

from __future__ import annotations

CODES: dict[str, str] = {
    "changed-before-hashed": "the file changed before its bytes could be hashed",
    "hash-pending": "the file is not hashed yet",
    "hash-skipped": "the file is over the size limit for hashing; its version stamp stands",
    "file-gone": "the file was removed before its bytes could be hashed",
    "not-closed": "the process ended with the file open for writing",
    "file-unexplained": "a file was touched, by what is not watched or by another program",
    "sampled": "a database, stream or large directory, known by stamp or declared version only",
    "child-unreached": "a child Python process could not be watched",
    "observer-failed": "an observer failed and was switched off",
    "observer-off": "an observer is switched off by the settings",
    "watched-by-wrapper": "functions were watched by wrappers; names bound before were not seen",
    "began-late": "recording began when objects were there already; their origin is not known",
    "untested-version": "an observer is off: it is not tested with the library's version",
    "objects-forgotten": "more objects were alive than are followed; some lost their past",
    "events-dropped": "events could not be written",
    "disk-full": "the disk was full; capture stopped",
    "value-lost": "a value could not be recorded; its type and a short text were kept",
    "journal-damaged": "a part of the journal could not be read",
    "event-unknown": "an event of a later version of Whence could not be read",
    "git-unavailable": "the state of the code could not be asked of git",
    "environment-partial": "a part of the environment could not be recorded",
    "companion-lost": "the companion ended before the run did",
    "flow-unresolved": "data could not be followed to the call that brought them in",
    "column-unresolved": "a column could not be followed to the columns it was made of",
    "reach-undecided": "what may be reached, but could not be told for certain",
    "code-not-read": "code could not be read for the flow of data",
    "inferred-by-content": "an origin was found by equal bytes only",
}
