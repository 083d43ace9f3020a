# El documento sobre una barrida. Títulos, y lo que acompaña a las palabras publicadas.
report-title = Post mortem de { $id }
report-began = Comenzó el { $at } UTC
report-open = Sigue abierta, o no se conserva su final
report-ended = Terminó el { $at } UTC: { $reason }
report-end-calm = volvió la calma
report-end-prolonged = había durado lo máximo que puede durar una sola
report-end-lost = no se pudo seguir más
report-end-retracted = retirada, porque el precio que la abrió era erróneo
report-anchor = Los seguimientos cuentan desde el { $at } UTC, el máximo del tramo mayor
report-card = Tarjeta
report-no-card = No se conserva la tarjeta: no se publicó, o hace más de 100 días de ello.
report-card-times = Publicada el { $at } UTC, mostrada tal cual desde el { $revised } UTC
report-step = +{ $step }
report-tripped = Entre seguimientos
report-on-card-only = No se publicó aparte: lo hallado pasó a la tarjeta.
report-in-follow-up = No se publicó aparte: lo dice el seguimiento de esa hora.
report-rules = Reglas: { $rules }
report-assessed = Evaluado, con lo que vale cada dato: { $inputs }
report-lacking = Sin evaluar para la lectura: { $inputs }
report-times = A fecha de { $due } UTC, contado el { $posted } UTC
report-boxes = Qué descartaría una limpieza
report-boxes-as-of = A fecha de { $at } UTC
report-sources = Fuentes
report-source-liquidations = Liquidaciones: { $venues }
report-source-of = { $venue } (de { $coins })
report-source-venue = { $venue } { $usd }
report-source-venue-none = { $venue } sin datos
report-source-interest = OI durante la barrida: { $venues }
report-source-before = OI antes: { $venues }
report-source-funding = Funding: { $venues }
report-source-gap = { $venue } sin oír del { $from } al { $to } UTC
report-source-gap-open = { $venue } sin oír desde el { $from } UTC
report-source-revision = Reglas de detección: revisión { $n }

# Bajo el documento.
report-footing = Todo esto es lo que se sabía en su momento. Describe lo medido; no es pronóstico ni consejo.
