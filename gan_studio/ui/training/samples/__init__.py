"""The sample grid and its history."""
