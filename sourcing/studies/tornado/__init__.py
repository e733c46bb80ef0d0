"""What a plan's numbers may be instead: which inputs there are, and how far each may be off by its confidence."""
