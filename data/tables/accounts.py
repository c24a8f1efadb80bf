"""Organisations, people, their keys and sessions."""
