# Follow-ups: what became of a flush after 15 minutes to 72 hours. "-long" speaks of a long flush, where the price
# fell, "-short" of a short squeeze, where it rose.

followup-step-15m = 15{"\u202F"}min
followup-step-1h = 1{"\u202F"}h
followup-step-4h = 4{"\u202F"}h
followup-step-24h = 24{"\u202F"}h
followup-step-48h = 48{"\u202F"}h
followup-step-72h = 72{"\u202F"}h

followup-headline = +{ $step }: { $reading }
followup-headline-early = +{ $step }: { $size }, { $state }
followup-push = { $coin } +{ $step }: { $reading }
followup-push-early = { $coin } +{ $step }: { $size }, { $state }
followup-line = { $parts }

# What it reads as; the confidence is the share of the inputs that could be assessed, and is called so where nothing
# is read: "inconclusive" with confidence would contradict itself.
followup-verdict-unwind = reads as an unwind, not a reset (confidence { $confidence })
followup-verdict-reloading = reads as reloading, not reset (confidence { $confidence })
followup-verdict-reset-clean = reads as a clean reset (confidence { $confidence })
followup-verdict-reset-in-progress = reads as a reset in progress (confidence { $confidence })
followup-verdict-inconclusive = reads as inconclusive ({ $confidence } of the inputs known)
followup-size = { $usd } liquidated so far
followup-size-none = no liquidations seen
followup-size-unknown = liquidations unknown
followup-state-open = not over yet
followup-state-ended = over since { $at } UTC

# Open interest.
followup-oi-fell = OI: { $fall } in coins at its lowest ({ $before } → { $least } on { $venues })
followup-oi-not-fallen = OI: did not fall, { $change } in coins ({ $before } → { $now } on { $venues })
followup-oi-rebuilt = OI: { $share } of what was closed is back ({ $before } → { $least } → { $now } on { $venues })
followup-oi-all-back = OI: all of what was closed is back ({ $before } → { $least } → { $now } on { $venues })
followup-oi-none-back = OI: nothing of what was closed is back ({ $before } → { $least } → { $now } on { $venues })
followup-oi-leaving = OI: kept falling afterwards, { $change } against before ({ $before } → { $least } → { $now } on { $venues })
followup-oi-replaced = OI: hardly moved then ({ $fall }); now { $change } against before ({ $before } → { $now } on { $venues })

followup-reading-weakness-long = price took back { $share } of its fall: positions are being reopened into weakness
followup-reading-weakness-short = price gave back { $share } of its rise: positions are being reopened before it came back
followup-reading-beyond-long = price is under the flush low: positions are being reopened into weakness
followup-reading-beyond-short = price is above the squeeze high: positions are being reopened into the rise
followup-reading-chop = positions are being reopened in a narrow range ({ $chop } ATR in 4 h)
followup-reading-following = it follows the price
followup-reading-fast = a fast rebuild
followup-reading-slow = a slow rebuild

# The price.
followup-price-share-long = price { $price }, { $share } of the fall taken back ({ $before } → { $extreme })
followup-price-share-short = price { $price }, { $share } of the rise given back ({ $before } → { $extreme })
followup-price-all-long = price { $price }, all of the fall taken back ({ $before } → { $extreme })
followup-price-all-short = price { $price }, all of the rise given back ({ $before } → { $extreme })
followup-price-beyond-long = price { $price }, nothing of the fall taken back ({ $before } → { $extreme })
followup-price-beyond-short = price { $price }, nothing of the rise given back ({ $before } → { $extreme })
followup-price-furthest-long = new low { $price }, { $beyond } under the flush low, at { $at } UTC
followup-price-furthest-short = new high { $price }, { $beyond } above the squeeze high, at { $at } UTC
followup-price-distance-long = { $distance } from the 24 h high before the flush
followup-price-distance-short = { $distance } from the 24 h low before the squeeze

# Funding.
followup-funding-settled = Funding: { $verdict } ({ $before } → { $now }; { $venues })
followup-funding-told = Funding: { $verdict } ({ $before } → { $now }, last told rates; { $venues })
followup-settlements = settlements since: { $counts }
followup-settlements-venue = { $venue } { $n }
followup-settlements-none = no settlement since
followup-funding-not-crowded-long = was not crowded
followup-funding-not-crowded-short = shorts were not crowded
followup-funding-crowded-since-long = was not crowded before, is now
followup-funding-crowded-since-short = shorts were not crowded before, are now
followup-funding-flipped-long = flipped below zero
followup-funding-flipped-short = flipped above zero
followup-funding-cooled-long = cooled
followup-funding-cooled-short = shorts pay less than before
followup-funding-rebounded-long = cooled and came back
followup-funding-rebounded-short = eased and went below zero again
followup-funding-still-elevated-long = still elevated
followup-funding-still-elevated-short = still below zero, shorts still crowded
followup-funding-unchanged-long = hardly changed
followup-funding-unchanged-short = hardly changed

# Spot or perpetuals.
followup-spot = Spot or perp: { $word } (perp volume then { $perp }× usual, spot { $spot }×)
followup-spot-since = last { $hours } h spot { $spot }×
followup-spot-since-net = last { $hours } h spot { $spot }×, takers net { $demand }
followup-spot-perp-led = perp-led
followup-spot-spot-led = spot-led
followup-spot-as-usual = neither led

# Key levels.
followup-levels = Levels: { $levels }
followup-levels-of = { $coin } levels: { $levels }
followup-level = { $price } ({ $source })
followup-price = Now: { $price }
followup-price-of = { $coin } now: { $price }
followup-level-untested-long = { $levels } not reached
followup-level-held-long = { $levels } held
followup-level-wicked-long = { $levels } pierced to { $reached } and regained
followup-level-lost-long = { $levels } lost, no two 1 h closes back above
followup-level-lost-confirmed-long = { $levels } lost on a 1 h close, no two back above
followup-level-reclaimed-long = { $levels } lost, regained at { $at } UTC
followup-level-lost-again-long = { $levels } regained at { $at } UTC, then lost again
followup-level-untested-short = { $levels } not reached
followup-level-held-short = { $levels } held
followup-level-wicked-short = { $levels } pierced to { $reached }, then back under
followup-level-lost-short = { $levels } broken, no two 1 h closes back under
followup-level-lost-confirmed-short = { $levels } broken on a 1 h close, no two back under
followup-level-reclaimed-short = { $levels } broken, back under at { $at } UTC
followup-level-lost-again-short = { $levels } back under at { $at } UTC, then broken again

# What would rule out a reset. "-bare" has no figures.
followup-boxes = Would rule out a reset: { $boxes }
followup-box-clear = { $what }: clear
followup-box-armed = { $what }: armed
followup-box-tripped = { $what }: tripped at { $at } UTC
followup-box-unknown = { $what }: cannot be judged
followup-box-since = { $what }, since { $at } UTC
followup-box-reload-bare-long = OI back without a new price high
followup-box-reload-bare-short = OI back without a new price low
followup-box-reload-long = OI back without a new price high ({ $share } back, { $closed })
followup-box-reload-short = OI back without a new price low ({ $share } back, { $closed })
followup-box-reload-replaced-long = OI grown without a new price high ({ $change } against before, { $closed })
followup-box-reload-replaced-short = OI grown without a new price low ({ $change } against before, { $closed })
followup-box-close = best 4 h close { $close } of { $limit }
followup-box-no-close = no 4 h close yet, counted from { $limit } on
followup-box-propped-bare-long = funding held up
followup-box-propped-bare-short = funding held down
followup-box-propped-long = funding held up ({ $rate }, from { $limit } on)
followup-box-propped-short = funding held down ({ $rate }, from { $limit } on)
followup-box-propped-spot-long = funding held up ({ $rate }, from { $limit } on) without spot demand ({ $bought } net bought, { $times }× usual)
followup-box-propped-spot-short = funding held down ({ $rate }, from { $limit } on) without spot supply ({ $bought } net bought, { $times }× usual)
followup-box-support-bare-long = best support lost
followup-box-support-bare-short = best resistance broken
followup-box-support-long = { $coin } { $price } lost on a 1 h close
followup-box-support-short = { $coin } { $price } broken on a 1 h close
followup-box-support-lost-long = { $coin } { $price } lost on the 1 h close at { $lost } UTC, { $hours }{"\u202F"}h to regain it
followup-box-support-lost-short = { $coin } { $price } broken on the 1 h close at { $lost } UTC, { $hours }{"\u202F"}h to fall back
followup-box-support-over-long = { $coin } { $price } lost on the 1 h close at { $lost } UTC, not regained in { $hours }{"\u202F"}h
followup-box-support-over-short = { $coin } { $price } broken on the 1 h close at { $lost } UTC, not back under it in { $hours }{"\u202F"}h
followup-tripped = Invalidation: { $what }
followup-tripped-push = { $coin } invalidation: { $what }
followup-tripped-since = Since then ({ $at } UTC), invalidation: { $what }

# What stands behind it.
followup-anchor-moved = Times count from the larger leg at { $at } UTC.
followup-late = Posted { $late } late, data as of { $at } UTC.
followup-not-assessed = Not assessed: { $what }
followup-short-basis = basis
followup-short-coins = the board
followup-short-depth = order books
followup-short-venues = exchanges
followup-short-liquidations = liquidations
followup-missing-open-interest = open interest (no venue without a gap told it often enough)
followup-missing-price = price (none known)
followup-missing-funding = funding (not known both before and now)
followup-missing-levels = key levels (none computable at onset)
followup-missing-since = { $venue } OI (missing since { $from } UTC)
followup-missing-gap = { $venue } OI (gap { $from }–{ $to } UTC)
followup-missing-gap-days = { $venue } OI (gap { $from } to { $to } UTC)
followup-missing-slow = { $venue } OI (told every { $every } only)

# The chart.
followup-chart-title = { $coin } +{ $step }
followup-chart-alt = { $coin } from { $from } to { $to } UTC: price, liquidations and open interest.
followup-chart-alt-price = { $coin } from { $from } to { $to } UTC: price { $before } before, { $extreme } at the extreme, { $price } at the end.
followup-chart-alt-oi = { $coin } from { $from } to { $to } UTC: price { $before } before, { $extreme } at the extreme, { $price } at the end; open interest { $change } in coins against before.
followup-chart-title-reading = { $coin } +{ $step }: { $reading }
followup-chart-mark = +{ $step }
followup-chart-level = { $source }, { $state }
followup-chart-level-untested-long = not reached
followup-chart-level-untested-short = not reached
followup-chart-level-held-long = held
followup-chart-level-held-short = held
followup-chart-level-wicked-long = pierced, back above
followup-chart-level-wicked-short = pierced, back under
followup-chart-level-lost-long = lost
followup-chart-level-lost-short = broken
followup-chart-level-lost-confirmed-long = lost
followup-chart-level-lost-confirmed-short = broken
followup-chart-level-reclaimed-long = lost, regained
followup-chart-level-reclaimed-short = broken, back under
followup-chart-level-lost-again-long = lost again
followup-chart-level-lost-again-short = broken again
followup-chart-alt-funding = funding { $first } at first, { $last } at the end
followup-chart-alt-level = { $price } { $label }
followup-chart-alt-more = { $move } Also: { $more }.
