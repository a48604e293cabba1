"""The set-up dock: all settings of a run, its data, and what the set-up costs."""
