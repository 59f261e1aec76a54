"""What happens to every request, whatever it asks: limits, checks, headers and the log."""
