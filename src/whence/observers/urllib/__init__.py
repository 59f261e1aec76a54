"""Watching the parts of the standard library's urllib."""
