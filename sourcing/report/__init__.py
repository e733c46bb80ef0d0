"""Plans, findings and explanations as a planner reads them: on a screen, or as one JSON object."""
