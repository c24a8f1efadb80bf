"""What people and programs call: the command line (and the web service)."""
