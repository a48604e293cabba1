"""Weights from other programs."""
