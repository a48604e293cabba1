"""The set-up of a run: its fields, presets, files and command."""
