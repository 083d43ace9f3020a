"""Telegram: the one room that knows its library, its limits and its errors."""
