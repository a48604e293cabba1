"""Questions that a person answers in a separate box."""
