"""What a run ran in: code state, packages, machine; recorded by the companion."""
