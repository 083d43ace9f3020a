"""Flushwatch: a chat bot that notices leverage flushes and comes back to say what followed."""
