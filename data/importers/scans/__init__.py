"""Scanned pages and photographs: find the table's lines, cut its cells, read each of them."""
