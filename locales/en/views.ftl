# Answers that bring figures of several kinds together: /liqs, /movers, /brief, /digest.

# One line each for /help and the menus of the chats.
command-liqs = Liquidations of a coin in 1, 4 or 24 h, and what the feeds left out
help-how-liqs = Longs and shorts, the largest single print, how many, an estimate of what feeds that show only some left out, and what was not heard: /liqs BTC 24h. Without hours, 1h; without a coin, BTC.
parameter-hours = 1h, 4h or 24h
button-liqs-1h = 1 h
button-liqs-4h = 4 h
button-liqs-24h = 24 h

command-movers = Largest changes of open interest or price, or funding extremes
help-how-movers = Over 4 and 24 h, the 5 furthest up and down: open interest in coins with /movers, prices with /movers price. The 5 highest and lowest rates with /movers funding. In brackets, how many venues a figure is of.
parameter-of = oi, price or funding
button-movers-oi = Open interest
button-movers-price = Prices
button-movers-funding = Funding

command-brief = Everything about one coin on one card
help-how-brief = Price, funding, basis, open interest, liquidations of 24 h, the nearest levels and the last flush: /brief ETH. Without a coin, BTC.
button-liqs = Liquidations

command-digest = The state of the market on one card
help-how-digest = The market of 24 h, the largest flushes, what is still followed, levels of BTC and ETH, funding and open interest that stand out. /digest weekly takes the flushes of 7 days. A channel may have it by itself: /alerts set digest daily.
parameter-period = daily or weekly: how far back flushes are told

# /liqs. $hours is how far is looked back, $known how much of that was heard.
liqs-headline = { $coin } liquidated in { $hours }{"\u202F"}h: longs { $longs }, shorts { $shorts } · { $as_of }
liqs-headline-none = { $coin }: no liquidation was told in { $hours }{"\u202F"}h · { $as_of }
liqs-largest = Largest single print { $usd }
liqs-no-prints = Largest print and count: not known, as only sums were told
liqs-collected = Collected { $known } of { $hours }{"\u202F"}h

# /movers. $coins are "movers-coin", $n how many venues a figure is of.
movers-headline-oi = Open interest that moved most, in coins · { $as_of }
movers-headline-price = Prices that moved most · { $as_of }
movers-headline-funding = Highest and lowest funding · { $as_of }
movers-up = ▲ { $hours }{"\u202F"}h: { $coins }
movers-down = ▼ { $hours }{"\u202F"}h: { $coins }
movers-highest = ▲ highest: { $coins }
movers-lowest = ▼ lowest: { $coins }
movers-coin = { $coin } { $figure } ({ $n })
movers-still = { $hours }{"\u202F"}h: none moved by 0.1{"\u202F"}% or more
movers-unknown = { $hours }{"\u202F"}h: not known yet
movers-note-oi = In brackets: how many venues, the same at both ends
movers-note-price = In brackets: of how many venues the price is the median
movers-note-funding = In brackets: of how many venues, weighted by open interest where that is known

# /brief. Its lines are those of the commands that say more; $rate, $flush and $parts are such sentences.
brief-headline = { $coin } { $price } · 24{"\u202F"}h { $move } · { $as_of }
brief-headline-no-price = { $coin } · { $as_of }
brief-funding = Funding: { $rate }
brief-basis-usual = basis { $basis } (7-day median { $usual })
brief-oi = Open interest { $usd }
brief-liquidated = Liquidated in 24{"\u202F"}h: longs { $longs }, shorts { $shorts }
brief-liquidated-none = No liquidation was told in 24{"\u202F"}h
brief-flush = Last flush: { $flush }
brief-no-flush = No flush of it is kept
brief-missing-price = price
brief-missing-move = price 24{"\u202F"}h ago
brief-missing-changes = change of open interest
brief-missing-liquidations = liquidations

# /digest, and the same posted by itself. $flushes and $parts are sentences of this part, $n counts all of them.
digest-headline-daily = The market today · { $as_of }
digest-headline-weekly = The market now, flushes of 7 days · { $as_of }
digest-flushes-daily = { $n ->
    [one] One flush in 24{"\u202F"}h: { $flushes }
   *[other] { $n } flushes in 24{"\u202F"}h, the largest first: { $flushes }
}
digest-flushes-daily-some = { $n } flushes in 24{"\u202F"}h, the { $shown } largest: { $flushes }
digest-flushes-weekly = { $n ->
    [one] One flush in 7 days: { $flushes }
   *[other] { $n } flushes in 7 days, the largest first: { $flushes }
}
digest-flushes-weekly-some = { $n } flushes in 7 days, the { $shown } largest: { $flushes }
digest-flushes-daily-none = No flush in 24{"\u202F"}h, and none is kept from before
digest-flushes-weekly-none = No flush in 7 days, and none is kept from before
digest-flushes-daily-none-but = No flush in 24{"\u202F"}h; the last one: { $flush }
digest-flushes-weekly-none-but = No flush in 7 days; the last one: { $flush }
digest-flush = { $coin } { $kind } { $score } ({ $band }), { $usd }, began { $at } UTC
digest-flush-none = { $coin } { $kind } { $score } ({ $band }), no liquidations seen, began { $at } UTC
digest-flush-untold = { $coin } { $kind } { $score } ({ $band }), liquidations unknown, began { $at } UTC
digest-flush-open = { $flush }, open, { $as_of }
digest-score = { $peak }/100
digest-score-of = (strongest: { $coin }) { $peak }/100
# $n counts derivatives-led days, $usd was liquidated in the 24 h before the last of them was found.
digest-days = { $n ->
    [one] Derivatives-led day
   *[other] { $n } derivatives-led days, the last
} found { $at } UTC: { $usd } liquidated in 24{"\u202F"}h
digest-days-untold = { $n ->
    [one] Derivatives-led day
   *[other] { $n } derivatives-led days, the last
} found { $at } UTC, liquidations unknown
digest-running = Still followed ({ $n }): { $flushes }
digest-running-one = { $coin } { $kind }, +{ $step } at { $at } UTC
digest-price = { $coin } { $price }
digest-price-move = { $coin } { $price } (24{"\u202F"}h { $move })
digest-above = ▲ { $price } ({ $away }), { $source }
digest-below = ▼ { $price } ({ $away }), { $source }
digest-no-price = { $coin }: price not known
digest-funding = Funding: { $parts }
digest-funding-rests = Funding rests near { $neutral } (±{ $within }) on { $n ->
    [one] the { $n } coin compared
   *[other] all { $n } coins compared
}
digest-no-funding = Funding: not known of any coin
digest-interest = Open interest in coins, 24{"\u202F"}h: { $parts }
digest-interest-still = Open interest in coins, 24{"\u202F"}h: none of { $n ->
    [one] { $n } coin
   *[other] { $n } coins
} moved by 0.1{"\u202F"}% or more
digest-no-interest = Open interest, 24{"\u202F"}h: no change known yet
digest-up = ▲ { $coins }
digest-down = ▼ { $coins }

# /after. The rows are those of details.ftl.
parameter-step = 15m, 1h, 4h, 24h, 48h or 72h; without one, the newest
parameter-part = rules: how each check judges; without it, its figures
command-after = What followed a flush, every check with its numbers
help-how-after = The newest step of the last flush, or /after 2026-01-19-BTC-1 4h. Each check that was due then with its numbers; with rules behind the step, or the button, the rules that it was judged by.
after-headline = { $coin } { $kind } of { $onset } UTC, +{ $step }: { $reading }
after-headline-early = { $coin } { $kind } of { $onset } UTC, +{ $step }
after-as-of = As of { $at } UTC, from what was known then · { $id }
after-rules = Rules
after-figures = Figures
after-rules-none = No rule judged anything at this step.
after-rule-interest = Rule for OI: fast is half of what was closed by +4{"\u202F"}h, 80{"\u202F"}% by +24{"\u202F"}h, 95{"\u202F"}% at any time; slow is under 25{"\u202F"}% from +24{"\u202F"}h on; under −10{"\u202F"}% it kept falling; a fall of less than 1.5{"\u202F"}% is hardly a move
after-rule-funding-long = Rule for funding: longs crowded above 0.015{"\u202F"}%/8h; cooled at 70{"\u202F"}% of before or less, back from 80{"\u202F"}%; flipped when below zero by 0.002{"\u202F"}% for two settlements or 4{"\u202F"}h
after-rule-funding-short = Rule for funding: shorts crowded below −0.002{"\u202F"}%/8h; they pay less at 70{"\u202F"}% of before or less, back from 80{"\u202F"}%; flipped when above zero by 0.002{"\u202F"}% for two settlements or 4{"\u202F"}h
after-rule-levels-long = Rule for levels: lost on a 15{"\u202F"}min close beyond by 0.25 ATR(15{"\u202F"}min) or 0.1{"\u202F"}%, whichever is more; regained by two 1{"\u202F"}h closes back; each at the price named, not at every reason for it; the best three within the move and 3{"\u202F"}%
after-rule-levels-short = Rule for levels: broken on a 15{"\u202F"}min close beyond by 0.25 ATR(15{"\u202F"}min) or 0.1{"\u202F"}%, whichever is more; taken back by two 1{"\u202F"}h closes under it; each at the price named, not at every reason for it; the best three within the move and 3{"\u202F"}%
after-button = +{ $step }
