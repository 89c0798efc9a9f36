"""For a test."""
