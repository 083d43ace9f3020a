# What the chats say around a message: rights as each platform names them, and marks of their own.

# Rights, as Discord's settings call them.
right-view-channel = View Channel
right-send-messages = Send Messages
right-embed-links = Embed Links
right-attach-files = Attach Files
right-read-message-history = Read Message History
right-create-public-threads = Create Public Threads
right-send-messages-in-threads = Send Messages in Threads

# Rights in Telegram.
right-member = to be a member
right-post-messages = Post Messages
right-send-text = Send Text Messages
right-send-photos = Send Photos

# Beside a post, or instead of one.
post-repeat = May be a repeat: I got no answer the first time.
post-shortened = Shortened: the whole of it did not fit here.
post-topic-gone = The topic that heard these alerts is gone, so they have stopped. /alerts on starts them again, in another topic or here.
post-topic-closed = The topic that heard these alerts is closed to me, so they have stopped. Once I may write there, /alerts on in that topic starts them again.

# Telegram: the first words, and the bot's profile.
telegram-start = I watch crypto perpetual futures, post when leverage is flushed out, and come back for three days to say what followed.
telegram-start-ask = Ask me anything on the list of commands, for example /funding BTC. For alerts in this chat: /alerts on.
telegram-start-channel = For alerts in a channel: make me an admin there who may post, then press the button below or write /alerts on @channel.
telegram-pick-channel = Choose a channel
telegram-elsewhere = { $channel } · { $told }
telegram-topic = topic { $number }
telegram-on-next = /alerts { $channel } show has every setting, /alerts { $channel } status tells whether posts arrive.
telegram-off-next = Settings are kept. /alerts { $channel } on starts again.
telegram-state-off = Alerts are off: /alerts { $channel } on starts them.
telegram-description = Leverage flushes in crypto perpetual futures: what happened, how large, what followed. Public data of many exchanges. It describes and does not predict.
telegram-short-description = Tells when leverage is flushed out of crypto perpetuals, and what followed.
