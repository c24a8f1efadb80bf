"""Vietnamese text from before Unicode: TCVN3 and VNI fonts, Windows-1258, found by statistics."""
