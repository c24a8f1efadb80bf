"""What a purchase request asks for, read from its words."""
