"""Review of an import: what it changes, what is gone, which questions are open, their answers."""
