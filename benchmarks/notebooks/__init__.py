"""Notebooks that others wrote, run in order and out of order, with labels made by a rule."""
