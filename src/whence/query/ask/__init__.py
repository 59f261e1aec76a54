"""The seven questions of Souza et al. (WORKS 2019, CCPE 2021) about learning, for any domain.

Each is a function of a `Store` that changes nothing; `whence.query.ask.registry` lists them with
their wording, arguments and SPARQL. ``whence ask --list`` prints that list.
"""
