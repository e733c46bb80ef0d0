"""Invent small cases: the parts of the recipe behind `cases.random_cases`."""
