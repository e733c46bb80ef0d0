"""Comparisons: plans side by side, and what each limit of the first one costs."""
