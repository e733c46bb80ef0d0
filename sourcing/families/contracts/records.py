"""What contracts may bring beyond what is asked for."""

from sourcing.replay.contracts import forced as must_take

__all__ = ["must_take"]
