"""The run folder: its files, its log, its lock, its checkpoints."""
