"""What limits on haulage count in a plan."""

from haulage.algebra import count_haulage

ACCOUNTS = ("entry",)


def measured(net, accounts, x):
    """Yield the tonne-kilometres of each member, by limit and window (t km)."""
    yield count_haulage(net, accounts["entry"]).at(x)
