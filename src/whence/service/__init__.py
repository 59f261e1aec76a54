"""Use cases, which every face above calls."""
