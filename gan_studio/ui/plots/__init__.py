"""Plots over steps: the rows behind them, canvas, axes and legend."""
