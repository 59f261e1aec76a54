"""The journal: segment files that processes append events to. The journal is the truth."""
