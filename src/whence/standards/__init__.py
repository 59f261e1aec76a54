"""Records in the words of public standards: written, read back and checked."""
