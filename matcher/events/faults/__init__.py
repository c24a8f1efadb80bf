"""Why an event cannot be as it is wanted, and what would make it so."""
