"""The history of a run: its branches, and going back."""
