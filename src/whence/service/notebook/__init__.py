"""Notebooks as the record has them: sessions of kernels, the state of the cells, their graph."""
