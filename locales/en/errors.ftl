# What cannot be done, and what can be done instead.

error-admins-only = Only people who can manage this channel may change alerts. Ask one of them, or see the settings with /settings.
error-press-needs-manage = Buttons and lists that change alerts are for people who may manage this server. Typed commands follow the server's own rules: if it lets you, type { $command }
error-which-subcommand = { $command } needs one more word. /help { $command } lists them.
error-no-command = No command was typed. /help lists what you can ask.
error-unknown-command = I don't know { $command }. /help lists what you can ask.
error-unknown-command-near = I don't know { $command }. Did you mean { $near }? /help lists what you can ask.
error-not-a-choice = "{ $given }" is not one of { $choices }.
error-no-value = There is no value behind { $setting }. { $look } shows what it takes.
error-usage = Please write it like this: { $usage }

error-no-facts-yet = I have no market data yet. /status says what I am waiting for.
error-unknown-coin = I don't know "{ $given }" among the { $n } coins that I watch.
error-unknown-coin-near-1 = I don't know "{ $given }". Did you mean { $first }?
error-unknown-coin-near-2 = I don't know "{ $given }". Did you mean { $first } or { $second }?
error-unknown-coin-near-3 = I don't know "{ $given }". Did you mean { $first }, { $second } or { $third }?
error-no-funding = I have no funding for { $coin } right now. Open interest: /oi { $coin }
error-no-funding-at-all = I have no funding of the last 24 h. /status says which feeds are missing.
error-no-open-interest = I have no open interest for { $coin }: no venue told any. Funding: /funding { $coin }
error-no-open-interest-now = I have no open interest for { $coin } right now ({ $silent }). Funding: /funding { $coin }
error-no-open-interest-at-all = I have no open interest of any coin. /status says which feeds are missing.
error-no-liquidations = I have no liquidations of { $coin } in the last { $hours } h: no feed told any. Which feeds are heard: /status
error-no-movers-oi = No change of open interest can be told yet: that needs 4 hours of it over the same venues.
error-no-movers-price = No change of a price can be told yet: that needs 4 hours of prices.
error-no-levels = I have too few hourly prices of { $coin } for levels. Funding: /funding { $coin }

error-no-flush-yet = I have kept no flush so far. /status says since when I have been watching.
error-nothing-kept = I have kept no flushes yet on which settings could be tried. /status says since when I have been watching.
error-kept-too-short = I have kept flushes for { $span } only. Ask again when it is a day.
error-no-flush-of-coin = I have kept no flush of { $coin }. The last one of any coin: /flush last
error-unknown-episode = I don't know a flush "{ $given }". The last one is { $last }, from { $at } UTC.
error-unknown-episode-of-day = I don't know a flush "{ $given }". Of that day I know { $ids }.
error-no-followup-yet = Nothing was looked at yet after { $id }: follow-ups come 15 minutes to 72 hours after a flush that was posted.
error-no-followup-due = Nothing was looked at yet after { $id }: the next follow-up is due at { $at } UTC.
error-no-followup-unheard-yet = Nothing was looked at yet after { $id }: follow-ups come after a flush that was posted, and no channel has it so far.
error-no-followup-retracted = Nothing is looked at after { $id }: it was retracted: later bars do not show its price.
error-no-followup-watch = Nothing is looked at after { $id }: it only came to WATCH, and no channel has it.
error-no-followup-unheard = Nothing is looked at after { $id }: it was posted to no channel.
error-no-followup-missed = Nothing was looked at after { $id }: no follow-up could be told in time, and none comes any more.
error-followup-to-come = +{ $step } of { $id } is still to come, at { $at } UTC. Looked at were: { $known }.
error-no-such-followup = There is no +{ $step } of { $id }. Looked at were: { $known }.

error-out-of-range = { $setting } takes { $low } to { $high }. You wrote "{ $given }".
error-not-an-amount = { $setting } takes an amount such as 500k, 2.5m or 1,000,000. You wrote "{ $given }".
error-how-many-coins = A channel can follow 1 to { $limit } coins.
error-duration = Write how long, like 30m, 1h or 2d (at most 30 days), or off. You wrote "{ $given }".

error-internal = Something broke while I answered, and it is not your fault. It is noted as { $incident }.
error-store = I cannot use my database right now, so nothing was changed. Whoever runs me is told why in the log; a full disk is the usual reason.
error-too-fast = That was many commands at once. Please wait { $wait }.
error-too-long = A command has { $limit } characters at most.

error-not-in-range = { $setting } takes { $low } to { $high }. You wrote "{ $given }".
error-rights-missing = I can't post in { $channel }: I need { $rights } there.
error-channel-unknown = I can't see a channel "{ $given }". Add me there first, then ask again.
error-channel-not-yours = Only people who can manage { $channel } may switch its alerts.
error-channel-kind = Alerts can be posted in text and announcement channels and in threads. { $channel } is something else.
error-server-only = Alerts belong to a channel of a server. Ask me there.
error-button-old = This button is from an older version of me. Please type the command.
error-not-connected = I am not connected right now. Please try again in a minute.
