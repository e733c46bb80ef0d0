"""What conditions may bring beyond what is asked for."""

from sourcing.replay.conditions import conditional as must_take

__all__ = ["must_take"]
