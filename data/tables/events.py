"""Events, who comes, what was suggested and accepted, versions of schedules."""
