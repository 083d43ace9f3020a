"""The channel in a browser: one local page that shows posts as they arrive and takes commands."""
