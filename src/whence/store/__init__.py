"""Indexes of the journal. They can be thrown away: any rebuild gives equal answers."""
