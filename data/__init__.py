"""Records, tables, reference data, importers and the sample of Ketnoi."""
