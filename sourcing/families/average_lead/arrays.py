"""What a limit on the average lead time counts: what was bought, and the days since it was ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.network.counting import count_scopes
from sourcing.network.limits import Scope, scopes

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Account


def count_waits(net: Network, days: Account, tonnes: Account) -> Counted:
    """Count the days that what was bought had waited (t times days) for every limit on the average lead time.

    The total of each row is what its member receives (t); a member that nothing can arrive from has no row.
    """
    return count_scopes(net, days, _waiting_scopes(net), tonnes, "averaged")


def _waiting_scopes(net: Network) -> list[Scope]:
    """Resolve the limits on the average lead time: one scope per limit and member, each an average of its own."""
    whole = np.ones((len(net.origins), 1))
    return [
        Scope(scope.row, scope.site, scope.weight * part, [member], sparse.csc_array(whole), scope.window)
        for scope in scopes(net.case, net.origins, net.tree, ("lead_days",))
        for member, part in zip(scope.members, scope.share.toarray().T, strict=True)
    ]
