"""What orders that stand may bring beyond what is asked for."""

from sourcing.network.stability import standing as must_take

__all__ = ["must_take"]
