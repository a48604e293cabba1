"""Texts for people: every message of the engine with its English template, and sizes in bytes."""
