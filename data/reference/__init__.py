"""Reference knowledge: spelling, provinces, regions, sectors and currencies, as dated tables."""
