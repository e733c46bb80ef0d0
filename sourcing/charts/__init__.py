"""Pictures of plans and curves: drawn from their tables, with a title that says what is to be seen."""
