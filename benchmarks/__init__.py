"""One file for each claim; each is measured beside its floor or a peer, in the same run.

A benchmark is a module here with ``NAME`` (a few words) and ``run(quick: bool) -> list[Row]``. All
are run by ``make bench``, or some by name: ``make bench ARGS="--quick record fold"``.
"""
