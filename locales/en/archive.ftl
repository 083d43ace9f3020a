# The document about one flush. Headings, and what stands beside the words that were posted.
report-title = Post-mortem of { $id }
report-began = Began { $at } UTC
report-open = Goes on, or its end is not kept
report-ended = Ended { $at } UTC: { $reason }
report-end-calm = calm again
report-end-prolonged = it had gone on for as long as one flush may
report-end-lost = it could not be followed any further
report-end-retracted = retracted, because the price that opened it was wrong
report-anchor = Follow-ups count from { $at } UTC, the peak of the largest leg
report-card = Card
report-no-card = No card is kept: it was not posted, or that is more than 100 days ago.
report-card-times = Posted { $at } UTC, shown as it was from { $revised } UTC on
report-step = +{ $step }
report-tripped = Between follow-ups
report-on-card-only = Not posted by itself: what was found went to the card.
report-in-follow-up = Not posted by itself: the follow-up of that hour tells it.
report-rules = Rules: { $rules }
report-assessed = Assessed, with what each is worth: { $inputs }
report-lacking = Not assessed for the reading: { $inputs }
report-times = As of { $due } UTC, told { $posted } UTC
report-boxes = What would rule out a reset
report-boxes-as-of = As of { $at } UTC
report-sources = Sources
report-source-liquidations = Liquidations: { $venues }
report-source-of = { $venue } (of { $coins })
report-source-venue = { $venue } { $usd }
report-source-venue-none = { $venue } not told
report-source-interest = Open interest of the flush: { $venues }
report-source-before = Open interest before: { $venues }
report-source-funding = Funding: { $venues }
report-source-gap = { $venue } not heard from { $from } to { $to } UTC
report-source-gap-open = { $venue } not heard since { $from } UTC
report-source-revision = Rules of detection: revision { $n }

# Under the document.
report-footing = Everything here is what was known at its time. It describes what was measured; it is no forecast and no advice.
