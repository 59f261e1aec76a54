"""One module for each resource of the HTTP API; each lists its operations."""
