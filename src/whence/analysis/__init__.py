"""How values flow between calls that ran, by the user's code, which is read and never run."""
