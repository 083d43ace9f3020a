"""Discord as a chat: the only room that knows discord.py."""
