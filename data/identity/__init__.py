"""Who is who: one party under several names and scripts, told apart from its relatives."""

MERGED_IDS = "merged_ids"
"""The note of a merged investor that lists the ids that were merged into it, joined by "|"."""
