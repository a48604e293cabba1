"""Turns engine events into Qt signals, and passes on to the engine what a person wants."""
