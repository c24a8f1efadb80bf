"""Text to vectors: canonical texts, encoders, vector cache and index."""
