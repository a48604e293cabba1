"""Engine events to Qt signals, and what a person wants to the engine."""
