"""Experiments as files: what to measure on which market, kept beside what was found."""
