"""A trainer that says nothing, for a test."""
