"""The model: W3C PROV-DM with the kinds of PROV-ML. Frozen values, no I/O."""
