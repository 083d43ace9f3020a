# Answers that bring figures of several kinds together: /liqs, /movers, /brief, /digest.

# One line each for /help and the menus of the chats.
command-liqs = Liquidations of a coin in 1, 4 or 24 h, and what the feeds left out
help-how-liqs = Longs and shorts, the largest single print, how many, an estimate of what feeds that show only some left out, and what was not heard: /liqs BTC 24h. Without hours, 1h; without a coin, BTC.
parameter-hours = 1h, 4h or 24h
button-liqs-1h = 1 h
button-liqs-4h = 4 h
button-liqs-24h = 24 h

# /liqs. $hours is how far is looked back, $known how much of that was heard.
liqs-headline = { $coin } liquidated in { $hours }{"\u202F"}h: longs { $longs }, shorts { $shorts } · { $as_of }
liqs-headline-none = { $coin }: no liquidation was told in { $hours }{"\u202F"}h · { $as_of }
liqs-largest = Largest single print { $usd }
liqs-no-prints = Largest print and count: not known, as only sums were told
liqs-estimate-least = Estimate: at least about { $low } in all
liqs-collected = Collected { $known } of { $hours }{"\u202F"}h
