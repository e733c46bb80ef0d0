"""What orders that stand may bring beyond what is asked for."""

from sourcing.replay.stability import standing as must_take

__all__ = ["must_take"]
