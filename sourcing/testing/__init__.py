"""Conformance of a family of rules: the tests that say what "correct" is here, for rules of ours and of a stranger.

A package that brings a family calls ``conform`` once in its own tests, with two small questions: one in which its rules
bind, and one in which they do not.
"""

from __future__ import annotations

from sourcing.testing.conformance import VERSION, Conformance, NonConforming, conform

__all__ = ["VERSION", "Conformance", "NonConforming", "conform"]
