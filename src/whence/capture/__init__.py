"""Watching a program from inside, as a guest: recorder, context, guard, launch, companion."""
