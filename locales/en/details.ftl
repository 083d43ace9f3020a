# The details of a follow-up: each check with its numbers and the rule it was judged by. "-long" speaks of a long flush,
# "-short" of a short squeeze.

detail-line = { $parts }
detail-unknown = unknown
detail-times = { $n }×

# Basis.
detail-basis = Basis: { $before } → { $now } (usually { $usual }), { $verdict }
detail-basis-already-usual = was as usual
detail-basis-tightened = tightened
detail-basis-inverted = turned to the other side of its usual
detail-basis-widened = further from its usual than before
detail-basis-flat = hardly changed
detail-basis-closed = { $share } of its distance from the usual is gone
detail-basis-grown = its distance from the usual grew by { $share }
detail-basis-overshoot-long = lowest in the flush { $overshoot } against its usual
detail-basis-overshoot-short = highest in the squeeze { $overshoot } against its usual
detail-basis-perp-led-long = the perp was sold ahead of spot
detail-basis-perp-led-short = the perp was bought ahead of spot
detail-interest-before = before: median of the time from 60 to 10 min before the onset
detail-basis-rule = Rule for the basis: usual is its median of the seven days before; tightened when half of the distance is gone; ahead of spot from 15{"\u202F"}bp

# Spot or perp.
detail-volume = Spot or perp: perp { $perp }×, spot { $spot }× usual, ratio { $ratio } (usually { $low } to { $high }), { $verdict }
detail-volume-perp-led = perp-led
detail-volume-spot-led = spot-led
detail-volume-as-usual = neither led
detail-volume-demand = spot takers net { $demand }
detail-volume-since = last { $hours }{"\u202F"}h perp { $perp }, spot { $spot }
detail-volume-since-demand = last { $hours }{"\u202F"}h perp { $perp }, spot { $spot }, takers net { $demand }
detail-volume-no-takers = nobody tells which side spot takers were on, so nothing is said of who bought and who sold
detail-volume-rule = Rule for spot or perp: its { $hours }{"\u202F"}h against the same hours of day; usually: from the 10th to the 90th percentile of its own ratio over { $known }{"\u202F"}h; perp-led from the 90th, spot-led down to the 10th

# Liquidations.
detail-liquidations = Liquidations of { $coin }: { $total } while it went on, from its onset, half of it within { $half } of the peak (known to { $step }), { $verdict }
detail-liquidations-at-peak = Liquidations of { $coin }: { $total } while it went on, from its onset, at least half of it by the peak (known to { $step }), { $verdict }
detail-liquidations-too-early = too early to say whether they faded
detail-liquidations-faded = faded
detail-liquidations-persistent = persistent ({ $above } of the last 4 hours at { $q90 } or more)
detail-liquidations-not-heard = not all of the last four hours were heard
detail-liquidations-aftershocks =
    { $n ->
        [one] { $n } aftershock
       *[other] { $n } aftershocks
    }
detail-liquidations-last-long = last hour: longs { $hurt }, shorts { $other }
detail-liquidations-last-short = last hour: shorts { $hurt }, longs { $other }
detail-liquidations-rising = rising against the hour before
detail-liquidations-fading = fewer than in the hour before
detail-liquidations-steady = about as in the hour before
detail-liquidations-flipped-long = mostly shorts now
detail-liquidations-flipped-short = mostly longs now
detail-liquidations-rule = Rule for liquidations: judged by the hurt side alone from four hours after the end; faded when the last four stayed under its own 90th percentile of an hour ({ $q90 }); mostly the other side from 60{"\u202F"}%; rising from 1.25 times

# The board.
detail-board = Board: { $moved } of { $coins } coins moved unusually far, { $verdict }; BTC and ETH { $majors }, { $group } { $others }
detail-board-uniform = across the board
detail-board-targeted = single names
detail-board-mixed = a part of it
detail-board-tail = coins from rank 21 on
detail-board-others = the others
detail-board-high-beta-hit = { $times } times the majors: high beta was hit
detail-board-majors-led = { $times } times the majors: the majors led
detail-board-together = { $times } times the majors
detail-board-worst = furthest beyond their beta to BTC: { $coins }
detail-board-coin = { $coin } { $residual } (beta { $beta })
detail-board-stress = hidden stress: { $coins }
detail-board-stressed = { $coin } { $share } of its OI liquidated at { $move } in 24 h
detail-board-implausible = told volume is over 40 times the OI, so it is not to be relied on: { $coins }
detail-board-rule = Rule for the board: unusual is 2{"\u202F"}% and 1.5 of its own usual days; across the board from 70{"\u202F"}% of coins, single names under 30{"\u202F"}%; high beta from 1.5 times, majors up to 0.8

# Order books.
detail-books = Order books: { $now } within 1{"\u202F"}%, { $share } of the usual { $usual }, { $verdict }
detail-books-thin = thin
detail-books-recovering = recovering
detail-books-normal = normal
detail-books-least = thinnest at the time { $share }
detail-books-forced = forced was { $share } of the last hour's volume
detail-books-cleaner = trading is cleaner
detail-books-rule = Rule for order books: against the median of the same hour over { $days } days; thin under 50{"\u202F"}%, normal from 80{"\u202F"}%; cleaner when normal and less than 0.3{"\u202F"}% is forced

# Exchanges.
detail-venues = Exchanges: { $shares } of what was observed, { $verdict }
detail-venues-dislocated = { $venue } stood apart
detail-venues-concentrated = nearly all on one
detail-venues-spread = spread
detail-venues-one-told = one tells, which is no split
detail-venue-share = { $venue } { $share }
detail-venues-partial = only some are shown by { $venues }
detail-venues-untold = none are told by { $venues }
detail-venues-rule = Rule for exchanges: nearly all is 90{"\u202F"}%; an exchange stands apart when its mark is 1{"\u202F"}% off as well

# What could not be assessed.
detail-not-assessed = Not assessed: { $what }
followup-missing-basis = basis (no index both before and now, or less than 72 values of the week before)
followup-missing-volume = spot or perp (volumes of both not known for long enough)
followup-missing-liquidations = liquidations (none observed, or less than 72 h of them before)
followup-missing-coins = board (BTC and five coins outside the majors are needed)
followup-missing-venues = exchanges (none told liquidations)
detail-missing-venues-named = exchanges (no liquidations from { $venues })
followup-missing-depth = order books (depth not told now, or on fewer than three days at this hour)
