# The page in the browser: its own words, and what its server refuses. The `web-…` sentences take no values.

web-title = Flushwatch · flush-alerts
web-description = A chat channel that watches crypto perpetual futures, tells when leverage is flushed out, and comes back to say what followed.
web-noscript = This page needs JavaScript: the posts arrive while you read.
web-channel = flush-alerts
web-skip = Skip to the posts
web-language = Language
web-role = You are
web-member = member
web-admin = admin
web-role-hint = Admins may change what is posted. On this page you may be either.
web-connecting = Connecting
web-reconnecting = Reconnecting

# The player.
web-player = The stream
web-clock = Clock of the stream (UTC)
web-live = live
web-progress = Progress of the stream
web-play = Play
web-pause = Pause
web-speed = Speed
web-speed-max = max
web-jump = Next event
web-restart = Replay
web-next-due = Next follow-up
web-nothing-due = none open
web-finished = The stream has ended.

# Posts.
web-feed = Posts
web-app = APP
web-you = you
web-edited = edited
web-silent = sent without a sound
web-private = Only you can see this
web-details = Behind these figures
web-followups = Follow-ups
web-new-posts = New posts
web-new-followup = New follow-up
web-chart-open = Open the chart in full size
web-chart-missing = No picture could be drawn. It would show:

# The command box.
web-box = Command
web-box-hint = Type / for commands
web-send = Send
web-admins-only = admins

# Beside the posts.
web-bands = How large was it?
web-band-watch = Watch: something began
web-band-flush = Flush: leverage is closing
web-band-severe = Severe: rare for this coin
web-band-extreme = Extreme: among its largest
web-band-day = Derivatives-led day
web-band-note = Measured against each coin's own history, not in dollars.
web-ask = What you can ask

# Before anything was posted.
web-empty-title = Nothing was flushed so far
web-empty-text = When positions are closed by force, a card appears here. It is edited while the flush grows and once more when it ends. In its thread follow checks of what came after: 15 minutes, then 1, 4, 24, 48 and 72 hours later.
web-empty-live = You can ask at any time:
web-empty-play = Press play and wait, or jump to the next event. You can ask at any time:

# Refusals and mishaps.
error-live-market = This is the live market: it has no pause, speed or end. What was said stands here; the market can be asked at any time.
error-unreadable = I could not read what the page sent. Loading the page again may help.
