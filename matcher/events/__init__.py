"""Meetings of an event: who meets whom, when, where, and with which interpreter."""
