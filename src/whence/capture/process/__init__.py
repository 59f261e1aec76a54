"""In a recorded process: joining the run, watching its children and its end."""
