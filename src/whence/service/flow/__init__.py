"""Data-to-model flow: what ran (the anchors) joined by the code between them."""
