"""What a program says of itself: ``whence.run`` and what it gives."""
