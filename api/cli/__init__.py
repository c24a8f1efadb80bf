"""The command `ketnoi`: thin callers, one module a group of commands."""
