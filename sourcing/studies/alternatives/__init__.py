"""Alternatives: what every plan nearly as cheap as the cheapest has in common, and plans as different as can be."""
