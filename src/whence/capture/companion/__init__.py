"""The companion: one process for a run and host that does what must not burden the program."""
