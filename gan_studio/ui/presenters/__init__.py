"""What the session tells, shown in the views; what a person wants, passed to the session."""
