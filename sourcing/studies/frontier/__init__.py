"""Frontiers: two or three measures weighed against each other, at points that no plan beats in all of them."""
