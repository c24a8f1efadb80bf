"""The shapes of the API's bodies: what comes in is checked, what goes out is described."""
