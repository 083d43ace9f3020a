# Seguimientos: qué fue de una barrida entre 15 minutos y 72 horas después. "-long" habla de una barrida de largos, en la
# que el precio cayó; "-short", de un short squeeze, en el que subió.

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

# Qué parece; la confianza es la parte de los datos que se pudo evaluar.
followup-verdict-unwind = parece un desmontaje, no una limpieza (confianza { $confidence })
followup-verdict-reloading = parece una recarga, no una limpieza (confianza { $confidence })
followup-verdict-reset-clean = parece una limpieza completa (confianza { $confidence })
followup-verdict-reset-in-progress = parece una limpieza en curso (confianza { $confidence })
followup-verdict-inconclusive = no es concluyente (se sabe el { $confidence })
followup-size = { $usd } liquidados hasta ahora
followup-size-none = ninguna liquidación vista
followup-size-unknown = liquidaciones desconocidas
followup-state-open = todavía en curso
followup-state-ended = terminada { $at } UTC

# El interés abierto.
followup-oi-fell = OI: { $fall } en monedas en su punto más bajo ({ $before } → { $least } en { $venues })
followup-oi-not-fallen = OI: no bajó, { $change } en monedas ({ $before } → { $now } en { $venues })
followup-oi-rebuilt = OI: ha vuelto el { $share } de lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-all-back = OI: ha vuelto todo lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-none-back = OI: no ha vuelto nada de lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-leaving = OI: siguió bajando después, { $change } respecto a antes ({ $before } → { $least } → { $now } en { $venues })
followup-oi-replaced = OI: apenas se movió entonces ({ $fall }); ahora { $change } respecto a antes ({ $before } → { $now } en { $venues })

followup-reading-weakness-long = el precio ha recuperado el { $share } de la caída: se reabren posiciones con el precio débil
followup-reading-weakness-short = el precio ha devuelto el { $share } de la subida: se reabren posiciones antes de que vuelva
followup-reading-beyond-long = el precio está por debajo del mínimo de la barrida: se reabren posiciones con el precio débil
followup-reading-beyond-short = el precio está por encima del máximo del squeeze: se reabren posiciones durante la subida
followup-reading-chop = se reabren posiciones en un rango estrecho ({ $chop } ATR en 4 h)
followup-reading-following = acompaña al precio
followup-reading-fast = se repone deprisa
followup-reading-slow = se repone despacio

# El precio.
followup-price-share-long = precio { $price }, recuperado el { $share } de la caída ({ $before } → { $extreme })
followup-price-share-short = precio { $price }, devuelto el { $share } de la subida ({ $before } → { $extreme })
followup-price-all-long = precio { $price }, recuperada toda la caída ({ $before } → { $extreme })
followup-price-all-short = precio { $price }, devuelta toda la subida ({ $before } → { $extreme })
followup-price-beyond-long = precio { $price }, nada recuperado de la caída ({ $before } → { $extreme })
followup-price-beyond-short = precio { $price }, nada devuelto de la subida ({ $before } → { $extreme })
followup-price-furthest-long = nuevo mínimo { $price }, un { $beyond } bajo el de la barrida ({ $at } UTC)
followup-price-furthest-short = nuevo máximo { $price }, un { $beyond } por encima del máximo del squeeze ({ $at } UTC)
followup-price-distance-long = { $distance } desde el máximo de las 24 h previas
followup-price-distance-short = { $distance } desde el mínimo de las 24 h previas

# El funding.
followup-funding-settled = Funding: { $verdict } ({ $before } → { $now }; { $venues })
followup-funding-told = Funding: { $verdict } ({ $before } → { $now }, últimas tasas; { $venues })
followup-settlements = pagos posteriores: { $counts }
followup-settlements-venue = { $venue } { $n }
followup-settlements-none = ningún pago desde entonces
followup-funding-not-crowded-long = no estaba cargado
followup-funding-not-crowded-short = los cortos no estaban cargados
followup-funding-crowded-since-long = antes no estaba cargado, ahora sí
followup-funding-crowded-since-short = antes los cortos no estaban cargados, ahora sí
followup-funding-flipped-long = pasó a negativo
followup-funding-flipped-short = pasó a positivo
followup-funding-cooled-long = se enfrió
followup-funding-cooled-short = los cortos pagan menos que antes
followup-funding-rebounded-long = se enfrió y volvió a subir
followup-funding-rebounded-short = cedió y volvió a ser negativo
followup-funding-still-elevated-long = sigue elevado
followup-funding-still-elevated-short = sigue negativo, los cortos siguen cargados
followup-funding-unchanged-long = apenas cambió
followup-funding-unchanged-short = apenas cambió

# Spot o perps.
followup-spot = Spot o perps: { $word } (entonces perps { $perp }× lo habitual, spot { $spot }×)
followup-spot-since = { $hours ->
    [one] última hora
   *[other] últimas { $hours } h
}, spot { $spot }×
followup-spot-since-net = { $hours ->
    [one] última hora
   *[other] últimas { $hours } h
}, spot { $spot }×, takers netos { $demand }
followup-spot-perp-led = liderado por perps
followup-spot-spot-led = liderado por spot
followup-spot-as-usual = ninguno lideró

# Los niveles clave.
followup-levels = Niveles: { $levels }
followup-levels-of = Niveles de { $coin }: { $levels }
followup-level = { $price } ({ $source })
followup-price = Ahora: { $price }
followup-price-of = { $coin } ahora: { $price }
followup-level-untested-long = { $levels }: sin alcanzar
followup-level-held-long = { $levels }: sin perder
followup-level-wicked-long = { $levels }: perforación hasta { $reached } y recuperación
followup-level-lost-long = { $levels }: pérdida, sin dos cierres de 1 h por encima
followup-level-lost-confirmed-long = { $levels }: pérdida al cierre de 1 h, sin dos por encima
followup-level-reclaimed-long = { $levels }: pérdida y recuperación ({ $at } UTC)
followup-level-lost-again-long = { $levels }: recuperación ({ $at } UTC) y nueva pérdida
followup-level-untested-short = { $levels }: sin alcanzar
followup-level-held-short = { $levels }: sin superar
followup-level-wicked-short = { $levels }: perforación hasta { $reached } y vuelta por debajo
followup-level-lost-short = { $levels }: ruptura, sin dos cierres de 1 h por debajo
followup-level-lost-confirmed-short = { $levels }: ruptura al cierre de 1 h, sin dos por debajo
followup-level-reclaimed-short = { $levels }: ruptura y vuelta por debajo ({ $at } UTC)
followup-level-lost-again-short = { $levels }: vuelta por debajo ({ $at } UTC) y nueva ruptura

# Lo que descartaría una limpieza. "-bare" no lleva cifras.
followup-boxes = Contra una limpieza: { $boxes }
followup-box-clear = { $what }: no se da
followup-box-armed = { $what }: a medias
followup-box-tripped = { $what }: se dio ({ $at } UTC)
followup-box-unknown = { $what }: no se puede juzgar
followup-box-since = { $what }, desde { $at } UTC
followup-box-reload-bare-long = OI repuesto sin nuevo máximo de precio
followup-box-reload-bare-short = OI repuesto sin nuevo mínimo de precio
followup-box-reload-long = OI repuesto sin nuevo máximo de precio ({ $share } de vuelta, { $closed })
followup-box-reload-short = OI repuesto sin nuevo mínimo de precio ({ $share } de vuelta, { $closed })
followup-box-reload-replaced-long = OI crecido sin nuevo máximo de precio ({ $change } respecto a antes, { $closed })
followup-box-reload-replaced-short = OI crecido sin nuevo mínimo de precio ({ $change } respecto a antes, { $closed })
followup-box-close = mejor cierre de 4 h { $close } de { $limit }
followup-box-no-close = aún ningún cierre de 4 h, contaría desde { $limit }
followup-box-propped-bare-long = funding sostenido
followup-box-propped-bare-short = funding negativo sostenido
followup-box-propped-long = funding sostenido ({ $rate }, a partir de { $limit })
followup-box-propped-short = funding negativo sostenido ({ $rate }, a partir de { $limit })
followup-box-propped-spot-long = funding sostenido ({ $rate }, a partir de { $limit }) sin demanda de spot ({ $bought } de compra neta, { $times }× lo habitual)
followup-box-propped-spot-short = funding negativo sostenido ({ $rate }, a partir de { $limit }) sin oferta de spot ({ $bought } de compra neta, { $times }× lo habitual)
followup-box-support-bare-long = mejor soporte perdido
followup-box-support-bare-short = mejor resistencia superada
followup-box-support-long = { $coin } { $price } perdido al cierre de 1 h
followup-box-support-short = { $coin } { $price } superado al cierre de 1 h
followup-box-support-lost-long = { $coin } { $price } perdido al cierre de 1 h ({ $lost } UTC), { $hours }{"\u202F"}h para recuperarlo
followup-box-support-lost-short = { $coin } { $price } superado al cierre de 1 h ({ $lost } UTC), { $hours }{"\u202F"}h para volver
followup-box-support-over-long = { $coin } { $price } perdido ({ $lost } UTC), sin recuperar en { $hours }{"\u202F"}h
followup-box-support-over-short = { $coin } { $price } superado ({ $lost } UTC), sin volver en { $hours }{"\u202F"}h
followup-tripped = Invalidación: { $what }
followup-tripped-push = { $coin }, invalidación: { $what }
followup-tripped-since = Después ({ $at } UTC), invalidación: { $what }

# Lo que hay detrás.
followup-anchor-moved = Los tiempos cuentan desde el tramo mayor ({ $at } UTC).
followup-late = Publicado con { $late } de retraso, datos del { $at } UTC.
followup-not-assessed = Sin evaluar: { $what }
followup-short-basis = base
followup-short-coins = resto del mercado
followup-short-depth = libros de órdenes
followup-short-venues = exchanges
followup-short-liquidations = liquidaciones
followup-missing-open-interest = OI (ningún exchange sin huecos lo dio con la frecuencia necesaria)
followup-missing-price = precio (no se conoce ninguno)
followup-missing-funding = funding (no se conoce el de antes y el de ahora)
followup-missing-levels = niveles clave (no se podían calcular al inicio)
followup-missing-since = OI de { $venue } (falta desde { $from } UTC)
followup-missing-gap = OI de { $venue } (hueco { $from }–{ $to } UTC)
followup-missing-gap-days = OI de { $venue } (hueco del { $from } al { $to } UTC)
followup-missing-slow = OI de { $venue } (solo se conoce cada { $every })

# El gráfico.
followup-chart-title = { $coin } +{ $step }
followup-chart-alt = { $coin } desde { $from } hasta { $to } UTC: precio, liquidaciones e interés abierto.
followup-chart-alt-price = { $coin } desde { $from } hasta { $to } UTC: precio { $before } antes, { $extreme } en el extremo, { $price } al final.
followup-chart-alt-oi = { $coin } desde { $from } hasta { $to } UTC: precio { $before } antes, { $extreme } en el extremo, { $price } al final; interés abierto { $change } en monedas respecto a antes.
followup-chart-title-reading = { $coin } +{ $step }: { $reading }
followup-chart-mark = +{ $step }
followup-chart-level = { $source }, { $state }
followup-chart-level-untested-long = no alcanzado
followup-chart-level-untested-short = no alcanzado
followup-chart-level-held-long = aguantó
followup-chart-level-held-short = aguantó
followup-chart-level-wicked-long = perforado, de nuevo encima
followup-chart-level-wicked-short = perforado, de nuevo debajo
followup-chart-level-lost-long = perdido
followup-chart-level-lost-short = superado
followup-chart-level-lost-confirmed-long = perdido
followup-chart-level-lost-confirmed-short = superado
followup-chart-level-reclaimed-long = perdido, recuperado
followup-chart-level-reclaimed-short = superado, de nuevo debajo
followup-chart-level-lost-again-long = perdido otra vez
followup-chart-level-lost-again-short = superado otra vez
followup-chart-alt-funding = funding { $first } al principio, { $last } al final
followup-chart-alt-level = { $price } { $label }
followup-chart-alt-more = { $move } Además: { $more }.
