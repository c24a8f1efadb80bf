"""Which names are one party: proposals, merges and splits."""
