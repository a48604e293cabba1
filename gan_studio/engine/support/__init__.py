"""Support: the program's log, crash marker and report, the doctor, and keeping the computer awake."""
