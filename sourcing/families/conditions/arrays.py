"""What conditions may bring beyond what is asked for."""

from sourcing.network.conditions import forced as must_take

__all__ = ["must_take"]
