"""Questions that a person answers in a box of their own."""
