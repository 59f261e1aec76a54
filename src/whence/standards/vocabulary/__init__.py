"""The PROV-ML vocabulary and Whence's extensions of it: ontologies, shapes, terms."""
