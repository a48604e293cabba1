"""A run from its pictures to its last checkpoint."""
