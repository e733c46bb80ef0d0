"""Someone else checks: every cell of a plan against plain arithmetic on its tables, apart from the model.

``audit`` reads the tables of a case (after edits), the terms of the question, the plan tables and the manifest, and
returns a ``Verdict``. It imports neither the algebra nor a solver.
"""

from sourcing.audit.run import audit
from sourcing.audit.verdict import Verdict
from sourcing.replay import Terms

__all__ = ["Terms", "Verdict", "audit"]
