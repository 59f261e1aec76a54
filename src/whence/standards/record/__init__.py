"""The record of a store as PROV statements, and PROV statements as a record."""
