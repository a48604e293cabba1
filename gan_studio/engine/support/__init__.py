"""The program's own log, crash marker, report and check-up."""
