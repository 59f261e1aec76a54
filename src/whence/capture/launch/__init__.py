"""Launching a run: what was asked, the companion, and the handover to the program's process."""
