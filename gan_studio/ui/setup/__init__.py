"""The run set-up dock."""
