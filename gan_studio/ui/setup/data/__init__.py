"""The data section of the set-up dock: what was found in the source."""
