"""From a call or an investor to a ranked, explained slate. Knows no web and no database."""
