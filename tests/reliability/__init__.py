"""Faults injected for real, and what must be left of a run after each."""
