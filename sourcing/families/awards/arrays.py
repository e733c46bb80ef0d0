"""What awards may bring beyond what is asked for."""

from sourcing.network.awards import awarded as must_take

__all__ = ["must_take"]
