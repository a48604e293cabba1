"""The set-up of a run: its settings, presets, files and command line."""
