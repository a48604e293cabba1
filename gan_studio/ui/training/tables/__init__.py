"""Tables beside the plots: marks of the run, and values of the curves."""
