"""Making a schedule: flow and colouring, the constraint model, search, and what stays."""
