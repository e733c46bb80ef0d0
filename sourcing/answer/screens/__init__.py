"""Screens of a network before a solve: what cannot be met, has no bound, contradicts itself or matches nothing."""
