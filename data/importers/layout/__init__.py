"""Understand lists as provinces publish them: headers, headings, totals, and the rows between."""
