"""Decide-by dates: until when each option of a plan can be taken up, and what missing that costs."""
