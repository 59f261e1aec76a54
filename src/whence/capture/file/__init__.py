"""Files: which are followed, where they lie, and the events that their use gives."""
