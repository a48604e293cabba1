"""Curves: their data, their canvas, their legend."""
