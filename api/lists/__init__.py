"""Lists as they are shown: made, kept, written to the ledger, given out as JSON and as files."""
