"""One module per watched library, found by entry point, ours included."""
