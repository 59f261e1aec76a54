"""SPARQL over the record: PROV-O and PROV-ML in an RDF store that follows the index."""
