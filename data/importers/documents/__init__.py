"""Readers of Word documents, PDF files and old workbooks: their tables as grids."""
