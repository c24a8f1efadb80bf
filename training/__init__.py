"""Experiments, evaluation and the making of releases. Serving never imports it."""
