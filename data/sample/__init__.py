"""The sample dataset: real calls, investors, deals and programmes, and how they were made."""
