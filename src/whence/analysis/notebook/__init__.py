"""Notebooks: what a cell does to the names of a kernel, and the state that a history left."""
