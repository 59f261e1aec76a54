"""The server of a team: an ASGI app over the same questions that the command line asks."""
