"""What indexes in SQL have in common: their tables' meaning, how batches become rows, questions."""
