"""Fields of the set-up form: one editor for each kind of setting."""
