"""Files into records: reading, checking, and importing them all or nothing per file."""
