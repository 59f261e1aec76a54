"""The documentation: pages written by hand, and the reference, which is generated from the code."""
