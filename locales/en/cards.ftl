# Cards: a flush while it happens and when it has ended, and the post about a derivatives-led day. "-long" speaks of a
# long flush, where the price fell, "-short" of a short squeeze, where it rose.

card-line = { $parts }
card-name = { $name }
card-names = { $names }
card-names-more = { $names } and { $n ->
    [one] { $n } other
   *[other] { $n } others
}

# Headline and push line. $score goes from 0 to 100, $reach is a "card-scope-…".
card-headline = { $coin } { $kind } · { $band } { $score }/100
card-headline-wide = { $coin } { $kind } · { $band } { $score }/100 · { $reach }
card-headline-ended = { $coin } { $kind } · ended { $at } UTC · peak { $score }/100 ({ $band })
card-headline-ended-wide = { $coin } { $kind } · ended { $at } UTC · peak { $score }/100 ({ $band }) · { $reach }
card-headline-prolonged = { $coin } { $kind } · closed { $at } UTC, not calm yet · peak { $score }/100 ({ $band })
card-headline-prolonged-wide = { $coin } { $kind } · closed { $at } UTC, not calm yet · peak { $score }/100 ({ $band }) · { $reach }
card-headline-lost = { $coin } { $kind } · not followed after { $at } UTC · peak { $score }/100 ({ $band })
card-headline-lost-wide = { $coin } { $kind } · not followed after { $at } UTC · peak { $score }/100 ({ $band }) · { $reach }
card-headline-retracted = { $coin } { $kind } · retracted { $at } UTC: later bars do not show this price
card-headline-retracted-wide = { $coin } { $kind } · retracted { $at } UTC: later bars do not show this price · { $reach }
card-scope-targeted = targeted: { $coins }
card-scope-broad = broad: { $coins }
card-scope-market = market-wide: { $coins }

card-push-size = { $what } · { $usd } liquidated in { $span } · { $move }
card-push-unknown = { $what } · { $move } · liquidations not known
card-push-price-only = { $what } · { $move } · price only
card-push-coin = { $coin } { $kind }
card-push-targeted = { $coin } { $kind }, targeted ({ $n } coins)
card-push-broad = { $coin } { $kind }, broad ({ $n } coins)
card-push-market = { $coin } { $kind }, market-wide ({ $n } coins)
card-push-move = { $move }
card-push-move-of = { $largest } { $move }

# How much was liquidated.
card-size = Liquidated { $usd } since { $since } UTC ({ $share } { $side })
card-size-behind = Liquidated { $usd } from { $since } to { $until } UTC ({ $share } { $side }), later totals not known yet
card-size-ended = Liquidated { $usd } in { $span }, { $since } to { $until } UTC ({ $share } { $side })
card-size-none = Liquidations: the feeds told none from { $since } to { $until } UTC
card-size-not-yet = Liquidations of this time are not known yet: totals of { $coin } reach to { $until } UTC
card-size-no-feed = Liquidations are not known: no feed tells those of { $coin }
card-largest = largest single print { $usd }
card-largest-of = largest single print { $usd } ({ $coin })
card-prints = { $n ->
    [one] { $n } print
   *[other] { $n } prints
}
card-throttled = { $venues } show at most one liquidation a second per coin and side, so the real total is higher
card-saturated = Their limit was reached on { $venues }, every second of some minute
card-estimate = Estimate: about { $low } to { $high } in all
card-estimate-least = Estimate: at least about { $low } in all
card-estimate-most = Estimate: up to about { $high } in all

# What was not heard; gaps as "Bybit 14:02–14:09", and why all totals are a floor.
unheard-blind = Blind to liquidations on { $spans } UTC: totals for { $n ->
    [one] that time
   *[other] those times
} are too low
unheard-span = { $venues } { $from }–{ $to }
unheard-since = { $venues } since { $from }
unheard-many = { $n } exchanges
unheard-more = { $n } more
unheard-below = Totals are below those of aggregators: { $why }
unheard-throttled = { $venues } { $n ->
    [one] shows
   *[other] show
} only some liquidations
unheard-none = none are known of { $venues }
unheard-others = no other exchanges are heard

# The price.
card-price-long = { $label } { $reference } → { $extreme } at { $at } UTC ({ $move } from the 6 h high)
card-price-short = { $label } { $reference } → { $extreme } at { $at } UTC ({ $move } from the 6 h low)
card-price-now = last { $price } ({ $now })
card-level-through = went through { $price }
card-levels-through = went through { $first } and { $second }
card-level-regained-long = went through { $price } to { $extreme } and back above
card-level-regained-short = went through { $price } to { $extreme } and back under
card-level-held-long = { $price } held
card-level-held-short = { $price } held

# Open interest, funding, basis.
card-open-interest = Open interest { $change } in coins ({ $before } → { $now } on { $venues })
card-open-interest-many = Open interest { $change } in coins ({ $before } → { $now } on the same { $n } venues)
card-funding = Funding { $rate }
card-funding-paid = Funding { $rate }, last paid { $at } UTC
card-basis = Basis { $basis }
card-basis-before = Basis { $basis } (before { $usual })

# The state before.
card-before = { $label }: { $parts }
card-label-price = Price
card-label-price-of = { $coin } price
card-label-before = Beforehand
card-label-before-of = { $coin } beforehand
card-before-high = OI at { $share } of its { $days }-day high
card-before-funding = funding { $rate } ({ $about })
card-before-crowded-long = longs crowded
card-before-crowded-short = shorts crowded
card-before-not-crowded-long = longs not crowded
card-before-not-crowded-short = shorts not crowded
card-before-higher = higher than in { $share } of the last { $days } days
card-before-lower = lower than in { $share } of the last { $days } days

# Who led.
card-character = { $word }: volume of the last full hour { $perp }× usual on perps, { $spot }× on spot
card-character-perp-led = Perp-led
card-character-spot-led = Spot-led
card-character-mixed = Neither perp-led nor spot-led

# Coins and legs of one flush.
card-members = By coin (furthest move, liquidated): { $parts }
card-members-untold = By coin (furthest move): { $parts }
card-member = { $coin } { $move }, { $usd }
card-member-untold = { $coin } { $move }
card-members-more = { $n } more
card-leg-largest = Leg { $leg } began { $at } UTC: { $size }, the largest
card-leg-smaller = Leg { $leg } began { $at } UTC: { $size }; leg { $largest } ({ $largest_at } UTC) was the largest: { $largest_size }
card-leg-usd = { $usd }
card-leg-score = { $score }/100
card-follows = Second of this kind within 72 h: one ended { $at } UTC

# Why it is called so, who spoke, what is not known.
card-price-only = By price alone, so at most FLUSH
card-above = Against the level exceeded once in 3 days: { $inputs }
card-above-of = Against the level { $coin } exceeds once in 3 days: { $inputs }
card-prior = Levels are priors still: too little of this coin is known
card-prior-of = Levels of { $coin } are priors still: too little of it is known
card-input-l = liquidations { $times }×
card-input-p = price move { $times }×
card-input-o = fall of open interest { $times }×
card-confidence = Confidence { $word } ({ $value })
card-confidence-high = high
card-confidence-medium = medium
card-confidence-low = low
card-venues = Venues: { $venues } live
card-feed-missing = { $venue } { $feed } missing since { $since } UTC
card-feeds-more = { $n ->
    [one] { $n } more feed missing
   *[other] { $n } more feeds missing
}
card-spot = Price of { $coins } from spot bars: no perpetual's is told
card-tracked = { $n ->
    [one] { $n } coin tracked
   *[other] { $n } coins tracked
}
card-as-of = As of { $at } UTC
card-followups-below = follow-ups below
card-missing = Not known: { $what }
card-missing-liquidations = liquidations of { $coins }
card-missing-open-interest = open interest
card-missing-funding = funding
card-missing-basis = basis
card-missing-before = the state before it
card-missing-levels = key levels
card-missing-volumes = perp against spot volume

# How large an ended flush was among earlier ones of the same coin and kind. $n counts it too; $span is one of the
# keys below. With less than three there is no rank.
standing = { $place } { $coin } { $kind } { $span } ({ $by }, n = { $n })
standing-place-1 = Largest
standing-place-2 = Second largest
standing-place-3 = Third largest
standing-place-other = No. { $rank } by size:
standing-few = { $n ->
    [one] First
   *[other] Second
} { $coin } { $kind } { $span }
standing-days = in { $days } days
standing-followed = in the { $days ->
    [one] { $days } day
   *[other] { $days } days
} followed
standing-by-usd = by what was liquidated
standing-by-score = by score
standing-by-both = by what was liquidated, { $m } of them by score

# The chart.
card-chart-title = { $coin } { $kind }
card-chart-alt = { $coin } from { $from } to { $to } UTC: { $shown }.
card-chart-price = price { $reference } to { $extreme } ({ $move }), { $price } at the end
card-chart-liquidated = { $usd } liquidated
card-chart-open-interest = open interest { $change } in coins

button-details = Details
button-mute = Mute 1h

# A derivatives-led day.
card-day-headline = Derivatives-led day · { $usd } liquidated in 24{"\u202F"}h while { $majors }
card-day-push = Derivatives-led day · { $usd } liquidated in 24{"\u202F"}h, { $majors }
card-day-coin = { $coin } { $move }
card-day-split = { $share } { $side }
card-day-rank = more than on { $share } of the { $days } days known
card-day-times = { $times }× the most of the { $days } days known
card-day-reading = By severity { $word } ({ $score } of 100), by character { $character }
card-day-reading-partly = By severity { $word } ({ $score } of 100 by { $known } of its weights), by character { $character }
card-day-severity = By severity { $word } ({ $score } of 100)
card-day-severity-partly = By severity { $word } ({ $score } of 100 by { $known } of its weights)
card-day-leverage = leverage-driven
card-day-targeted = targeted ({ $how })
card-day-mixed = neither targeted nor broad ({ $how })
card-day-broad = broad ({ $how })
card-day-board-long = { $moved } of { $coins } coins fell unusually far
card-day-board-short = { $moved } of { $coins } coins rose unusually far
card-day-hidden = { $n ->
    [one] { $n } coin
   *[other] { $n } coins
} with at least { $least } of open interest liquidated while the price moved less than { $still }
card-day-hit = Most liquidated by share of open interest: { $hit }
card-day-hit-coin = { $coin } { $share } ({ $move })
card-day-hit-coin-share = { $coin } { $share }
card-day-consistent = Consistent with leverage being cleared in single names, not with selling of the majors
card-day-spot = { $coin } volume of the last full hour: { $perp }× usual on perps, { $spot }× on spot
card-day-no-spot = Spot volume was not available to confirm.
card-day-perp-driven = Consistent with perp-driven deleveraging; spot volume not available to confirm
card-day-only-price = Low confidence ({ $confidence }): only liquidations and prices are known; open interest and funding not assessed
card-day-collecting = Liquidations of 24 h: collecting, { $hours } h of 24 · as of { $at } UTC
card-day-covered = Liquidation feeds cover { $hours } of 24 h · as of { $at } UTC
