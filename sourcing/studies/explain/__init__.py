"""Explanations: why a plan is as it is, why an offer is not bought, what a tonne costs from mine to plant."""
