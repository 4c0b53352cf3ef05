"""Fuzzing: bytes that nobody would think of, and the laws that must hold for them (needs atheris)."""
