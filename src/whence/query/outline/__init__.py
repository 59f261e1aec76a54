"""Answers as text: lines of styled pieces, for a terminal, a pipe or a notebook."""
