"""Studies: what is asked of a question or a plan beyond the plan itself, one folder each; none knows another."""
