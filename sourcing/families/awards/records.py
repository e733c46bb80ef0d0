"""What awards may bring beyond what is asked for."""

from sourcing.replay.awards import awarded as must_take

__all__ = ["must_take"]
