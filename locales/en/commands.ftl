# Answers to commands. Values are finished figures and names; $n and other counts are numbers and may decide a plural.

# One line each for /help and the menus of the chats.
command-flush = The last flush with the market of 24 h, one by its id, or why it was scored so
command-funding = Funding by venue, or the highest and lowest of all coins
command-oi = Open interest and its changes, by venue or by coin
command-levels = Key levels above and below the price
command-status = What is live, what is missing, what is due next
command-help = What you can ask
command-alerts-show = What this channel hears
command-alerts-set = Change one setting of this channel
command-alerts-coins = Choose the coins this channel follows
command-alerts-language = Choose the language of this channel
command-alerts-mute = Post nothing here for a while
command-alerts-test = Post a test message here
command-alerts-preset = Choose how much is posted here, in one word
command-alerts-preview = What other settings would have posted here
command-alerts-target = Find settings for so many posts a week

# Shared turns.
as-of = as of { $at } UTC
as-of-old = as of { $at } UTC, { $age } old
# In place of dollars that are a floor, where not one liquidation was told.
told-none = none seen
answer-line = { $parts }
answer-venue = { $venue } { $parts }
answer-age = { $age } old

button-funding = Funding
button-oi = Open interest
button-levels = Levels
button-flush = The flush
button-why = Why
button-status = Status
button-last-flush = Last flush

# /funding
funding-headline = { $coin } funding · { $as_of } · neutral is about { $neutral }
funding-headline-all = Funding by coin · { $as_of } · neutral is about { $neutral }
funding-rate = { $rate } ({ $yearly } a year)
funding-rate-rescaled = { $rate } = { $rate_8h } ({ $yearly } a year)
funding-at-cap = at its cap
funding-paid = paid { $age } ago
funding-next = next in { $wait }
funding-weighted = OI-weighted { $rate }
funding-median = Median { $rate }
funding-weighted-within = OI-weighted { $rate }
funding-weighted-on = { $rate } on { $venues }
funding-median-within = median { $rate }
funding-lower-than = lower than in { $share } of the last { $days } days
funding-higher-than = higher than in { $share } of the last { $days } days
funding-of-coin = { $coin } { $rate } ({ $yearly } a year)
funding-of-large = Of { $n ->
    [one] { $n } coin
   *[other] { $n } coins
} with at least { $least } of open interest
funding-chart-title = { $coin }: funding paid by exchange
funding-chart-alt = Funding of { $coin } paid in each 8 h from { $from } to { $to } UTC: { $venues }.
funding-chart-venue = { $venue } { $low } to { $high }
funding-chart-venue-gaps = { $venue } { $low } to { $high } ({ $unknown } of { $all } not known)

# /oi
oi-headline = { $coin } open interest { $coins } · { $usd } on { $live } of { $all ->
    [one] { $all } venue
   *[other] { $all } venues
} · { $as_of }
oi-headline-all = Open interest by coin · { $as_of }
oi-change = { $span } { $coins }
oi-change-dollars = { $span } { $coins } in coins (in dollars { $usd }: the rest is price)
# $change is one of the two before, over fewer venues than the total.
oi-change-on = { $change } on { $venues }
oi-no-changes = No change can be told yet: that needs an hour of open interest over the same venues.
oi-share = { $venue } { $share }
oi-share-old = { $venue } { $share }, { $age } old
oi-missing = { $venue } missing since { $since } UTC
oi-silent = { $venue } silent for { $age }
oi-of-high = { $share } of its { $days }-day high
oi-derived = { $venues }: told in dollars, turned into coins by the median price.
oi-of-coin = { $coin } { $usd }
oi-of-all = The largest { $n } of { $all } coins
oi-chart-title = { $coin }: open interest by exchange, { $hours } h
oi-chart-alt = Open interest of { $coin } by exchange over { $hours } h: { $venues }.
oi-chart-venue = { $venue } { $last } ({ $change })
oi-chart-venue-new = { $venue } { $last }
oi-chart-venue-missing = { $venue } last { $last }, no data now

# /levels; the reasons themselves are the `level-…` sentences.
levels-headline = { $coin } { $price } · { $as_of }
levels-headline-atr = { $coin } { $price } · ATR(1h) { $atr } · { $as_of }
levels-above = ▲ { $price } ({ $away }) · { $sources } · { $standing }
levels-above-atr = ▲ { $price } ({ $away }, { $atrs } ATR) · { $sources } · { $standing }
levels-below = ▼ { $price } ({ $away }) · { $sources } · { $standing }
levels-below-atr = ▼ { $price } ({ $away }, { $atrs } ATR) · { $sources } · { $standing }
levels-score = { $score }/100
# What happened at a level in the last 24 hours.
levels-state-untested = not reached
levels-state-held = reached, held
levels-state-pierced = pierced, closed back
levels-state-crossed = crossed
levels-touches = First touches that held: { $rates } · beside { $mirrored }
levels-touches-of = { $family } { $held } of { $touched }
levels-touches-few = First touches: { $touched } decided so far, of levels or of the places I compare them with; from { $least } on I say how many held.
levels-touches-note = Of the levels known at each midnight kept. Held: back by one ATR(15 min) before a bar closed beyond. It says what was.
level-family-all = all
level-family-mirrored = places as far on the other side
level-family-day = previous day
level-family-week = previous week
level-family-month = previous month
level-family-vwap = VWAP of the day
level-family-anchored = anchored VWAP
level-family-profile = volume profile
level-family-swing = swings
level-family-round = round numbers
level-family-flush = flush extremes
levels-model-shorts = Model, shorts liquidated near: { $bands }
levels-model-longs = Model, longs liquidated near: { $bands }
levels-model-band = { $price } ({ $away }, { $intensity })
levels-model-note = A model estimate, not data: positions guessed from rises of open interest and a fixed mix of leverages. 1 is the strongest band; only sizes against one another mean anything.
levels-model-unknown = Model: the open interest that it needs is not known.
levels-note = From { $hours ->
    [one] { $hours } hourly bar
   *[other] { $hours } hourly bars
}. Reached, pierced, crossed: in the last 24 h. Out of 100: how much speaks for a level, not how likely it holds.
levels-chart-title = { $coin }: key levels around the price
levels-chart-alt = Ladder of key levels of { $coin } around { $price }: { $rungs }. Beside it the price of the last { $hours ->
    [one] hour
   *[other] { $hours } hours
}.
levels-chart-alt-model = { levels-chart-alt } Shaded behind it: where a model puts liquidations.
levels-chart-rung = { $price } ({ $away }) { $source }

# /flush
flush-headline-open = { $coin } { $kind } · { $score }/100 now, peak { $peak }/100 ({ $band }) · since { $onset } UTC
flush-headline-ended = { $coin } { $kind } · ended { $ended } after { $span } · peak { $peak }/100 ({ $band }) · began { $onset } UTC
flush-headline-retracted = { $coin } { $kind } · retracted { $ended }: later bars do not show this price · peak { $peak }/100 ({ $band }) · began { $onset } UTC
flush-scope-coin = one coin
flush-scope-targeted = a few coins
flush-scope-broad = many coins
flush-scope-market = market-wide
flush-members = { $scope }: also { $names }
flush-members-more = { $scope }: also { $names } and { $more ->
    [one] { $more } other
   *[other] { $more } others
}
flush-strongest = strongest: { $coin } { $peak }/100
flush-liquidated = Liquidated, the hour before included: longs { $longs }, shorts { $shorts }
flush-liquidated-totals = Liquidated, as totals told it: longs { $longs }, shorts { $shorts }
flush-liquidated-none = Liquidations: the feeds told none
flush-largest = largest single print { $usd }
flush-prints = { $n ->
    [one] { $n } print
   *[other] { $n } prints
}
flush-observed-all = All its coins together { $usd }
flush-observed-parts = each to the end of its part
flush-observed-without = without { $coins }: no feed told any of theirs
flush-no-liquidations-of = Liquidations of { $coin }: no feed told any, so how much was liquidated of it is unknown
flush-no-liquidations = Liquidations: no feed told any, so how much was liquidated is unknown
flush-price-long = Price { $reference } → { $extreme } at { $at } UTC ({ $move } from its 6 h high)
flush-price-short = Price { $reference } → { $extreme } at { $at } UTC ({ $move } from its 6 h low)
flush-price-last = last { $price }, { $as_of }
flush-price-unknown = no price now
flush-price-end = { $price } at the end of its part, { $at } UTC
flush-price-now = now { $price }, { $as_of }
# $before is the highest of the hour before; follow-ups compare with a median.
flush-open-interest = Open interest { $change } in coins on { $venues } (highest of the hour before { $before } → { $now })
flush-open-interest-end = Open interest { $change } in coins on { $venues } (highest of the hour before { $before } → { $now } at the end of its part, { $at } UTC)
flush-open-interest-lost = Open interest: not known now; its change is over { $venues } (highest of the hour before { $before })
flush-open-interest-end-unknown = Open interest: not known at the end of its part, { $at } UTC; its change is over { $venues } (highest of the hour before { $before })
flush-open-interest-untold = Open interest: not known of the hour before, so its change is unknown
flush-before = Beforehand: { $parts }
flush-before-high = OI at { $share } of its high
flush-before-funding = funding { $rate }
flush-confidence = Confidence { $confidence } of 1
flush-price-only = price only, at most FLUSH
flush-gap = { $venue } { $feed } missing
flush-gap-since = { $venue } { $feed } missing since { $since } UTC
flush-posted = Posted here: { $reason }
flush-not-posted = Not posted here: { $reason }
flush-only-watched = Not posted anywhere: { $reason }
flush-no-decision = No decision about this channel is kept: it did not listen then, or it is more than 100 days ago.
flush-next = Next follow-up +{ $step } at { $at } UTC

# The market card of 24 h under the last flush: letters, weights and shares as in docs/detector.md.
flush-changed = Figures of the flush as of { $at } UTC
flush-none-yet = There was no flush so far
flush-day = Market, 24{"\u202F"}h: { $word }, { $score } of 100
flush-day-without-liquidations = Market, 24{"\u202F"}h: { $score } of 100 without liquidations, too little for a word
flush-day-liquidated = { $usd } liquidated ({ $share } { $side })
flush-day-liquidated-none = no liquidations seen
flush-day-btc = BTC { $move }
flush-day-collecting = Market, 24{"\u202F"}h: collecting, { $hours }{"\u202F"}h of 24
flush-day-inputs = { $parts } · score = 100·Σ(a·c) ÷ Σ a
flush-day-input = { $letter } { $weight }×{ $share }
flush-day-input-of = { $letter } { $weight }×{ $share } ({ $what })
flush-day-i = { $value } of OI liquidated
flush-day-o = OI { $value } under its high
flush-day-f = BTC funding moved { $value }/8h
flush-day-input-u = liquidations
flush-day-input-i = their part of open interest
flush-day-input-o = fall of open interest
flush-day-input-p = BTC price
flush-day-input-d = sides of liquidations
flush-day-input-f = shift of funding
flush-day-missing = Market, not known and left out: { $inputs } (weights known: { $known } of 1)

# /flush why: a weight, c share. $span is how far was looked back, $level what the coin exceeds once in three days.
flush-why-headline = { $coin } { $score } = 100·(1 − Π(1 − a·c)) · { $id }
flush-why-component = { $letter } { $weight }×{ $share } · { $parts }
flush-why-within = { $what } in { $span }
flush-why-level = level { $level }
flush-why-prior = prior level { $level }
flush-why-full = full at { $times }×
flush-why-range = from { $low } to { $high }
flush-why-range-bp = from { $low } to { $high } bp
flush-why-rule = a×c is weight × share. c = ln(value ÷ level) ÷ ln(full); I and F: how far the value is between the two figures; always 0 to 1. Level: exceeded once in 3 days (V: 5 % of the time). Each is the highest within 60 min.
flush-why-priors = A prior level stands in for the coin's own until enough of it is known, and counts half in the confidence.
flush-why-l-long = { $value } of longs liquidated
flush-why-l-short = { $value } of shorts liquidated
flush-why-l-none-long = no longs seen liquidated
flush-why-l-none-short = no shorts seen liquidated
flush-why-p-long = price fell { $value } by ln(high ÷ low)
flush-why-p-short = price rose { $value } by ln(high ÷ low)
flush-why-o = open interest in coins fell { $value }
flush-why-i = { $value } of open interest liquidated in 1{"\u202F"}h
flush-why-v = { $value } traded
flush-why-f = funding or basis moved { $value }
flush-why-f-basis = basis moved { $value } bp
flush-why-f-funding = funding moved { $value }/8h
flush-why-input-l = liquidations
flush-why-input-p = price
flush-why-input-o = open interest
flush-why-input-i = intensity
flush-why-input-v = volume
flush-why-input-f = funding and basis
flush-why-missing = Not known then, so it adds 0: { $inputs }
flush-why-none = none
flush-venues = Liquidations by exchange: { $parts }
flush-venues-until = By exchange every coin is counted to the end of the flush, in sums by coin each to the end of its part.
flush-venue-seen = { $venue } { $usd } ({ $how })
flush-venue-about = { $venue } { $usd }, about { $high } in all ({ $how })
flush-venue-range = { $venue } { $usd }, about { $low } to { $high } in all ({ $how })
flush-venue-most = { $venue } { $usd }, up to about { $high } in all ({ $how })
flush-venue-implied = { $venue } about { $low } to { $high } by the fall of its open interest ({ $how })
flush-venue-unknown = { $venue } unknown ({ $how })
flush-venue-complete = tells all
flush-venue-throttled = one a second
flush-venue-largest = the largest of a second
flush-venue-totals = only sums, with feeds that show only some
flush-venue-silent = tells none
flush-venue-full = { $how }, at its limit
flush-venue-of = of { $coins }: { $how }
flush-venue-lost = { $how }, not always heard
flush-forced-public = Of a fall of open interest { $low } to { $high } is taken for forced, the shares in two flushes with public figures
flush-forced-learnt = Of a fall of open interest { $low } to { $high } is taken for forced: half of { $n } flushes, at exchanges that tell all liquidations
flush-why-gate-open = Gate open: price and positions above their level within 60 min ({ $inputs })
flush-why-gate-closed = Gate closed, so at most { $most }: price and one of liquidations or open interest must be above their level within 60 min. Above it: { $inputs }
flush-why-price-only = Gate: price alone, at least { $times }× its level, so at most { $most } (FLUSH), confidence { $confidence }
flush-why-low-confidence = Known: { $known } of the weights, less than { $least }, so at most { $most } (FLUSH)
flush-why-alone = Price alone { $points } · { $parts }; { $base }·ln(value ÷ level) ÷ ln({ $full }), at most { $most }; the highest counts
flush-why-held = Told as { $told }
flush-why-revision = Detector settings revision { $n }

# Why something was posted, or was not.
reason-first = the first card of this flush
reason-escalated = it reached a higher band
reason-grew = it grew
reason-joined = further coins joined
reason-ended = it ended
reason-retracted = it was retracted
reason-follow-up = a follow-up was due
reason-only-watched = it only came to WATCH
reason-not-held = it only came to WATCH: it had 45 points for less than 15 seconds, or only after half an hour or more with nothing above its level
reason-below-band = it stayed below the smallest band of this channel
reason-others-below-band = on coins outside the list of this channel it stayed below others_band
reason-coin-not-watched = its coin is not among those of this channel
reason-below-usd = less was liquidated than the smallest amount of this channel
reason-muted = the channel was muted
reason-type-off = this type of message is off here
reason-leg = a further leg of this flush began
reason-too-old = it was known too late to be news
reason-flood = this channel has had as many new posts as any may have in an hour or a day
reason-suspended = posts to this channel were suspended

# /status
status-headline = { $coins ->
    [one] { $coins } coin
   *[other] { $coins } coins
} watched · { $as_of } · running for { $span }
status-headline-no-facts = No market data yet · running for { $span }
status-no-feeds = No feed has spoken yet
status-venue = { $venue } { $live } of { $all }
status-feeds = Feeds live: { $venues }
status-trouble = { $venue } { $feeds }: { $state } since { $since } UTC ({ $age })
status-feed = { $feed }
status-blocked = Blocked, as they do not serve the place I run in: { $venues }. All totals lack them; I ask again once an hour.
status-blocked-venue = { $venue } since { $since } UTC ({ $feeds })
status-blocked-more = { $n } more
status-blind = I am blind to liquidations on { $lasting }, and was on { $spans } UTC. Totals for those times are too low.
status-blind-now = I am blind to liquidations on { $lasting } UTC. Totals since then are too low.
status-blind-before = I was blind to liquidations on { $spans } UTC. Totals for { $n ->
    [one] that time
   *[other] those times
} are too low.
status-warming-lists = Learning what is usual: waiting for the lists of the exchanges
status-broken = The market is not being watched right now: the log says why, and I try again by myself
status-warming = Learning what is usual: { $done } of { $all ->
    [one] { $all } coin
   *[other] { $all } coins
}
status-more = { $n ->
    [one] { $n } more feed is not whole
   *[other] { $n } more feeds are not whole
}
status-feed-mark = mark price
status-feed-index = index price
status-feed-oi = open interest
status-feed-funding = funding
status-feed-bar = bars
status-feed-liquidations = liquidation totals
status-feed-liquidation = liquidations
status-feed-depth = order books
status-feed-turnover = turnover
status-feed-feed = feed health
status-state-partial = partial
status-state-stale = silent
status-state-blocked = blocked
status-state-recount = counting anew
status-none-open = No flush is open
status-open = { $n ->
    [one] { $n } flush open: { $ids }
   *[other] { $n } flushes open: { $ids }
}
status-nothing-due = No follow-up is due
status-due = Next follow-up at { $at } UTC, in { $wait }
status-due-now = A follow-up has been due since { $at } UTC
status-rows = Kept: { $episodes ->
    [one] { $episodes } flush
   *[other] { $episodes } flushes
}, { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
}, { $channels ->
    [one] { $channels } channel
   *[other] { $channels } channels
}
status-facts = { $facts ->
    [one] { $facts } fact
   *[other] { $facts } facts
} from { $source }
status-collecting = Liquidations of 24 h: collecting, { $hours } h of 24
status-note = Live of all feeds ever heard, per venue. A partial feed sends less than happens, a silent one nothing.

# /help
help-headline = What you can ask
help-family = { $command } and what follows it
help-command = { $usage } · { $summary }
help-admin-family = { $family } { $verbs } · for admins of this channel; /help { $family } explains them
help-admins = Only people who can manage this channel may use it.
help-setting = { $setting } · { $summary }
help-setting-choices = { $setting } · { $summary }: { $choices }
help-setting-range = { $setting } · { $summary }: { $low } to { $high }
help-how-flush = Without anything, the last flush and how hard the whole market was flushed in 24 h; with last, an id or a coin, that flush: /flush BTC. With why, each input of the score, so that you can compute it again: /flush why, /flush why 2026-01-19-BTC-1.
help-how-funding = With a coin, each venue's rate, its yearly equivalent and when it is paid next: /funding BTC. Without one, the 5 highest and 5 lowest.
help-how-oi = With a coin, coins and dollars, changes and each venue's share: /oi BTC. Without one, the 10 largest.
help-how-levels = Up to 3 levels on each side, with reasons and distance: /levels ETH. Without a coin, BTC. With touches, how often first touches held: /levels BTC touches. With model, where a model puts liquidations: /levels BTC model.
help-how-status = Feeds by venue, when liquidations were not heard, open flushes, the next follow-up, and how much is kept.
help-how-help = With a command, what it takes: /help alerts set.
help-how-alerts-show = Every setting of this channel, and the last change with its author.
help-how-alerts-set = A setting and its new value: /alerts set smallest_usd 2.5m.
help-how-alerts-coins = A new list, or changes to it: /alerts coins BTC ETH SOL, /alerts coins +SOL -ETH, /alerts coins default. At most 50.
help-how-alerts-language = The language of everything posted here: /alerts language es.
help-how-alerts-mute = Minutes, hours or days, at most 30 days: /alerts mute 30m, 1h, 2d. /alerts mute off ends it.
help-how-alerts-preset = quiet, normal or active: /alerts preset quiet. It sets the bands, the least amount and the types of posts; coins and language stay. Without a name, what each sets. Two bands and an amount in one word are understood too: /alerts preset severe/extreme/1m.
help-how-alerts-preview = The last 30 days, or as many as you say, as this channel would have heard them: /alerts preview, /alerts preview 90. With a preset or settings, what these would have posted: /alerts preview quiet, /alerts preview 14 smallest_band severe smallest_usd 5m. Nothing is changed.
help-how-alerts-target = The settings that would have posted most, and no more than that: /alerts target 5, /alerts target 1 per day. A button takes them.
help-how-alerts-test = A message as alerts are sent, to see whether they can arrive.

# /alerts
alerts-headline = What this channel hears · preset: { $preset }
preset-own = your own
alerts-setting = { $setting }: { $value }
alerts-revision = Revision { $n }
alerts-last-change = Last change { $at } UTC by { $who }: { $setting } { $old } → { $new }
alerts-changed = { $setting }: { $old } → { $new }
alerts-unchanged = { $setting } stays as it was: { $new }
alerts-preset = preset: { $preset }
alerts-preset-same = preset stays as it was: { $preset }
alerts-preset-sets = { $preset }: { $settings }
alerts-preset-keeps = A preset leaves coins, language, looks and mute as they are.
alerts-not-muted = not muted
alerts-muted-until = until { $at } UTC
alerts-test-posted = A test message is on its way to this channel.
alerts-setting-coins = coins posted from the smallest band on
alerts-setting-smallest-band = the smallest band of those coins, and of the market-wide card
alerts-setting-others-band = the smallest band of all other coins
alerts-setting-smallest-usd = the least that was liquidated
alerts-setting-language = the language of posts
alerts-setting-card = flush cards
alerts-setting-followup = follow-ups to cards
alerts-setting-derivatives-day = the post about a derivatives-led day
alerts-setting-digest = the digest: the state of the market, daily, or on Mondays with the flushes of 7 days
alerts-setting-digest-hour = the hour of the digest, UTC, 0 to 23
alerts-hour = { $at } UTC
alerts-setting-mute = until when nothing is posted
alerts-test-headline = Test message: alerts for this channel can arrive

# /alerts on, off, status, log; /settings
command-settings = What this channel hears
command-alerts-on = Post alerts here, or in another channel
command-alerts-off = Stop posting alerts here, or in another channel
command-alerts-status = Rights, last delivery, what waits, and why nothing comes
command-alerts-log = Who changed what here
help-how-settings = Every setting of this channel, and the last change with its author.
help-how-alerts-on = In this channel, or in one you name: /alerts on. I say what I may not do there, and post a test message.
help-how-alerts-off = Settings stay as they are: /alerts on brings alerts back.
help-how-alerts-status = What I may do in this channel, what was posted last, what waits, when the next digest comes, and why a channel was suspended.
help-how-alerts-log = The last changes, 5 or as many as you say: /alerts log 20.
alerts-state-on = Alerts are on.
alerts-state-off = Alerts are off: /alerts on starts them.
alerts-state-suspended = Alerts are suspended: { $why }
alerts-menu = { $setting }: { $value }
alerts-takes = It takes { $low } to { $high }.
alerts-log-headline = Changes in this channel
alerts-log-empty = Nothing was changed so far.
alerts-log-change = { $at } UTC, { $who }: { $setting } { $old } → { $new }
alerts-on = Alerts are on in { $channel }
alerts-on-already = Alerts were on in { $channel } already
alerts-on-hears = From { $band } on for { $coins }. A test message is on its way.
alerts-on-next = /alerts show has every setting, /alerts status tells whether posts arrive.
alerts-off = Alerts are off in { $channel }
alerts-off-already = Alerts were off in { $channel } already
alerts-off-next = Settings are kept. /alerts on starts again.
alerts-status = { $channel }: { $state }
alerts-status-other = { $channel }: { $state }
alerts-status-on = alerts on
alerts-status-off = alerts off
alerts-status-suspended = suspended since { $since } UTC, { $why }
alerts-status-resume = It comes back by itself when I can post again, or with /alerts on.
alerts-status-muted = Muted until { $at } UTC.
alerts-status-types-off = Switched off here: { $types }.
alerts-status-rights = I may do all that is needed here.
alerts-status-missing = I lack here: { $rights }
alerts-status-sent = Last post arrived at { $at } UTC.
alerts-status-nothing-sent = Nothing was posted here so far.
alerts-status-failed = Last post that did not arrive, { $at } UTC: { $why }
alerts-status-waits = The oldest post that waits is { $age } old.
alerts-status-nothing-waits = Nothing waits.
alerts-status-digest = Next digest: { $at } UTC, in { $wait }.
alerts-status-flood = { $n ->
    [one] { $n } flush was held back
   *[other] { $n } flushes were held back
} in the last 24 h: a channel gets { $most } new posts a day at most. /alerts preset quiet asks for less.
alerts-setting-followups-in = whether follow-ups answer their card or stand in its thread (Discord)
alerts-setting-theme = colours of charts
suspended-rights = I was not allowed to post
suspended-gone = the channel is gone
suspended-removed = I was removed
suspended-blocked = I was blocked
name = { $name }
button-settings = All settings

# /alerts preview, /alerts target. $span is how long a stretch is, $posts counts new posts: cards, and posts of days.
preview-headline = Last { $span }: { $posts ->
    [0] no new posts
    [one] { $posts } new post
   *[other] { $posts } new posts
}, { $rate } a week
preview-headline-short = Last { $span }: { $posts ->
    [0] no new posts
    [one] { $posts } new post
   *[other] { $posts } new posts
}
preview-as-it-is = With the settings of this channel (preset: { $preset })
preview-at = { $at } UTC
preview-flush = { $coin } { $kind }
preview-score = { $band } { $score }
preview-usd = { $usd } liquidated
preview-day = derivatives-led day
preview-more = and { $n ->
    [one] { $n } earlier one
   *[other] { $n } earlier ones
}
preview-silent = { $n ->
    [one] { $n } stays silent
   *[other] { $n } stay silent, the largest:
}
preview-silent-one = { $what }: { $why }
preview-rests-on = This rests on { $span } only: I have kept nothing from before.
preview-mute-left-out = The mute of now is left out.
target-headline = At most { $asked } { $per }: these settings come to { $rate } a week by the last { $span }
target-headline-none = At most { $asked } { $per } is less than my quietest settings: these come to { $rate } a week by the last { $span }
target-per-week = per week
target-per-day = per day
button-take = Take these settings

# What a parameter is, for the menus of chats.
parameter-coin = Coin, such as BTC; without one, all
parameter-coins = Coins, such as BTC ETH, +SOL, -ETH or default
parameter-more = touches: how often levels held; model: estimated liquidation bands
parameter-what = last, why, a coin, or the id of a flush
parameter-episode = The id of a flush
parameter-key = Which setting
parameter-value = Its new value; without one, what it is and can be
parameter-language = Language of posts
parameter-span = How long, such as 30m, 1h, 2d, or off
parameter-command = A command to explain
parameter-channel = Another channel than this one
parameter-lines = How many changes
parameter-name = quiet, normal or active; without one, what each sets
parameter-days = How many days back
parameter-change = A preset, or settings with values, such as smallest_band severe
parameter-posts = How many new posts at most
parameter-per = per week or per day

# Why the newest follow-up reads as it does.
flush-why-reading = At +{ $step } it { $reading }: { $rules }
flush-why-reading-as-of = As of { $at } UTC, from what was known then
flush-why-assessed = Assessed, with what each is worth: { $inputs }
flush-why-lacking = Not assessed: { $inputs }
flush-input = { $name } { $weight }
flush-input-open-interest = open interest
flush-input-price = price
flush-input-funding = funding
flush-input-levels = key levels
flush-input-spot-perp = which side spot takers were on
flush-input-follow-through = liquidations since
flush-input-basis = basis
flush-rule-larger-since-long = a later hour liquidated more longs than the worst one of the flush
flush-rule-larger-since-short = a later hour liquidated more shorts than the worst one of the squeeze
flush-rule-support-persistent-long = the best level is lost, and at least one of the last 4 hours was among the tenth with the most longs liquidated
flush-rule-support-persistent-short = the best level is broken, and at least one of the last 4 hours was among the tenth with the most shorts liquidated
flush-rule-support-distribution-long = the best level is lost and spot was sold
flush-rule-support-distribution-short = the best level is broken and spot was bought
flush-rule-reload-tripped-long = open interest came back without a new price high
flush-rule-reload-tripped-short = open interest came back without a new price low
flush-rule-propped-tripped-long = funding is held up without spot demand
flush-rule-propped-tripped-short = funding is held down without spot supply
flush-rule-reopened-into-weakness-long = positions came back fast while less than half of the fall was taken back
flush-rule-reopened-into-weakness-short = positions came back fast while less than half of the rise was given back
flush-rule-reopened-in-chop = positions came back fast in a narrow range
flush-rule-rebuild-slow = less than a quarter of the positions came back in a day
flush-rule-funding-cleared-long = funding cooled or flipped below zero
flush-rule-funding-cleared-short = shorts pay less than before, or funding flipped above zero
flush-rule-funding-neutral-long = funding was not crowded, which counts neither way
flush-rule-funding-neutral-short = shorts were not crowded, which counts neither way
flush-rule-levels-held-long = the best level below held
flush-rule-levels-held-short = the best level above held
flush-rule-new-extreme-long = no reset with a new low more than 0.5 % under that of the flush
flush-rule-new-extreme-short = no reset with a new high more than 0.5 % above that of the squeeze
flush-rule-level-lost-long = no reset while the best level is lost
flush-rule-level-lost-short = no reset while the best level is broken
flush-rule-box-tripped = no reset once what would rule it out has happened
flush-rule-too-little-known = too little could be assessed
flush-rule-nothing-fits = no rule fits
