"""Mutants: plans with one thing wrong for the audit, code with one thing wrong for the tests."""
