# /scorecard: how our own alerts and readings turned out; and the line of a card that rests on it.

command-scorecard = How our alerts and readings turned out, beside random moments
help-how-scorecard = Of the alerts of 30 days: false alarms, whether the price went further, what became of open interest, key levels and the boxes, and what followed each reading, each rate beside the same rate at random moments. /scorecard BTC 90 for one coin and 90 days (7 to 90).

# $which is one of the next two. $n counts alerts, $retracted those of a price that was wrong.
scorecard-headline = Scorecard of { $which }, { $days } days · { $n ->
    [one] { $n } alert
   *[other] { $n } alerts
}, { $retracted } retracted
scorecard-coin = { $coin }
scorecard-all = all coins
# A rate: $x of $n with its 95 % interval from $low to $high, and the same at random moments, $y of $m.
scorecard-rate = { $x } of { $n } ({ $low }–{ $high }) · at random moments { $y } of { $m }
scorecard-rate-few = { $x } of { $n }, too few ({ $low }–{ $high }) · at random moments { $y } of { $m }
# $rate is "scorecard-rate". $which names coin and kind, or is "scorecard-others".
scorecard-kind = { $which }, further in 24{"\u202F"}h: { $rate }
scorecard-of-kind = { $coin } { $kind }
scorecard-others = the others
scorecard-false-alarms = False alarms: { $rate }
scorecard-false-alarms-unknown = False alarms: not judged, since open interest was not known
scorecard-lighter = Less open than before, 24{"\u202F"}h after: { $rate }
scorecard-lost = Best level lost, 72{"\u202F"}h after: { $rate }
scorecard-prices = Price after { $which }, median of { $n }: { $parts }
scorecard-price = { $hours }{"\u202F"}h { $found } (random { $random })
# $parts are "scorecard-box".
scorecard-boxes = First box to trip in 72{"\u202F"}h: { $parts }
scorecard-box = { $box } { $x } of { $n } (at random { $y } of { $m })
scorecard-box-reload = reload
scorecard-box-propped = propped
scorecard-box-support = support
scorecard-box-none = none
# Counted are readings, of which an alert has several.
scorecard-cleared = Readings of a reset, each counted, further in 24{"\u202F"}h: { $rate }
scorecard-not-cleared = Readings of reloading or unwind, each counted, further in 24{"\u202F"}h: { $rate }
scorecard-none = No alert of these days was posted: there is nothing to count.
scorecard-few = Alerts judged at all horizons: { $n }, fewer than { $least }: too few to say anything. { scorecard-note }
scorecard-note = Further: over 0.5{"\u202F"}% beyond the extreme as it was at the alert or reading. Random: { $moments } moments an alert, of the 11 days before it, in no flush. It describes, it does not say what comes.

# The line of a card. $n alerts of the kind came before.
card-base = After { $n } such flushes of { $which }: further in 24{"\u202F"}h { $x } of { $n } ({ $low }–{ $high }) · at random moments { $y } of { $m }
