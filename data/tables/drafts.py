"""Imports that wait for a person's word, and what calls said before."""
