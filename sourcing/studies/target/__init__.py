"""Targets: what a limit costs at every value it could have, how far it can go, and by when."""
