# Why a price is looked at: the sources of key levels, as they stand after it, "95,000 (round number)".

level-previous-day-high = high of the day before
level-previous-day-low = low of the day before
level-previous-day-open = open of the day before
level-previous-day-close = close of the day before
level-previous-week-high = last week's high
level-previous-week-low = last week's low
level-previous-week-open = last week's open
level-previous-month-high = last month's high
level-previous-month-low = last month's low
level-previous-month-open = last month's open
level-day-open = day open
level-week-open = week open
level-month-open = month open
level-day-vwap = VWAP of the day
level-day-vwap-above = VWAP of the day +1σ
level-day-vwap-below = VWAP of the day −1σ
level-round-number = round number
level-flush-low = flush low
level-flush-high = squeeze high
