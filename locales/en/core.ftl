# Words that every part uses: bands, sides, kinds, units, marks of origin, charts.

wording-missing = I have no words for this yet. My log says what is missing.

# Bands as they stand in headlines.
band-watch = WATCH
band-flush = FLUSH
band-severe = SEVERE
band-extreme = EXTREME

# Whose positions: "long flush", "98 % long".
side-long = long
side-short = short

kind-long-flush = long flush
kind-short-squeeze = short squeeze
kind-two-sided = two-sided flush
kind-slow-unwind = slow unwind
kind-venue-dislocation = one-venue dislocation

# Units; a narrow no-break space keeps figure and unit together.
basis-points = { $n }{"\u202F"}bp
span-days = { $n }{"\u202F"}d
span-hours = { $n }{"\u202F"}h
span-minutes = { $n }{"\u202F"}min
span-seconds = { $n }{"\u202F"}s

# Marks of everything that is not live.
origin-simulated = simulated
origin-replay = replay of { $date }

# Charts.
chart-price = Price
chart-liquidations-long = longs liquidated
chart-liquidations-short = shorts liquidated
chart-liquidations-span = per { $span }
chart-open-interest = Open interest, coins
chart-funding = Funding per 8 h
chart-model = Shaded: liquidations of a model
chart-venues = Open interest in coins, each exchange on a scale of its own
chart-heat = Paid per 8 h, in hundredths of a percent; grey 1.0: at rest; hatched: not known
chart-no-data = no data
chart-utc = { $date }, UTC
chart-mark-onset = onset
chart-mark-alert = alert
chart-mark-peak = peak
chart-mark-end = end

error-no-channel-here = The command line shows no posts: alerts count as posted here, and one question is answered.

# How hard the market was flushed in 24 h, in a word.
day-word-quiet = quiet
day-word-moderate = moderate
day-word-large = large
day-word-severe = severe
day-word-extreme = extreme
