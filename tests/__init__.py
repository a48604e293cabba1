"""The tests: engine without Qt, ui one widget a file, end2end whole journeys."""
