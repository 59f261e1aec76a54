"""PROV-DM as statements, the formats that hold them, and the rules they must keep."""
