"""What every request meets before and after its handler: rights, limits, tags, pages, logs."""
