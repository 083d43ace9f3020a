# Seguimientos: qué fue de una barrida entre 15 minutos y 72 horas después. "-long" habla de una barrida de largos, en la
# que el precio cayó; "-short", de un short squeeze, en el que subió.

followup-step-15m = 15{"\u202F"}min
followup-step-1h = 1{"\u202F"}h
followup-step-4h = 4{"\u202F"}h
followup-step-24h = 24{"\u202F"}h
followup-step-48h = 48{"\u202F"}h
followup-step-72h = 72{"\u202F"}h

followup-headline = +{ $step }: { $oi }, { $price }
followup-push = { $coin } +{ $step }: { $oi }, { $price }
followup-line = { $parts }

# El interés abierto, en el titular.
followup-oi-head-unknown = interés abierto desconocido
followup-oi-head-fell = interés abierto { $fall }
followup-oi-head-not-fallen = interés abierto { $change }
followup-oi-head-rebuilt = interés abierto repuesto en un { $share }
followup-oi-head-all-back = interés abierto repuesto del todo
followup-oi-head-none-back = interés abierto sin reponer
followup-oi-head-leaving = interés abierto por debajo de su mínimo de la barrida
followup-oi-head-grew = interés abierto por encima del de antes
followup-oi-head-flat = interés abierto casi sin cambios
followup-oi-head-late = el interés abierto bajó solo después

# El precio, en el titular.
followup-price-head-unknown = precio desconocido
followup-price-head-share-long = precio recuperado en un { $share }
followup-price-head-share-short = devuelto un { $share } de la subida
followup-price-head-all-long = precio recuperado del todo
followup-price-head-all-short = devuelta toda la subida
followup-price-head-beyond-long = precio por debajo del mínimo de la barrida
followup-price-head-beyond-short = precio por encima del máximo del squeeze

# El interés abierto.
followup-oi-fell = Interés abierto: { $fall } en monedas en su punto más bajo ({ $before } → { $least } en { $venues })
followup-oi-not-fallen = Interés abierto: no bajó, { $change } en monedas ({ $before } → { $now } en { $venues })
followup-oi-rebuilt = Interés abierto: ha vuelto el { $share } de lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-all-back = Interés abierto: ha vuelto todo lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-none-back = Interés abierto: no ha vuelto nada de lo cerrado ({ $before } → { $least } → { $now } en { $venues })
followup-oi-leaving = Interés abierto: siguió bajando tras la barrida, { $change } respecto a antes ({ $before } → { $least } → { $now } en { $venues })
followup-oi-replaced = Interés abierto: apenas se movió en la barrida ({ $fall }); ahora { $change } respecto a antes ({ $before } → { $now } en { $venues })

followup-reading-weakness-long = el precio ha recuperado el { $share } de la caída: se reabren posiciones con el precio débil
followup-reading-weakness-short = el precio ha devuelto el { $share } de la subida: se reabren posiciones antes de que vuelva
followup-reading-beyond-long = el precio está por debajo del mínimo de la barrida: se reabren posiciones con el precio débil
followup-reading-beyond-short = el precio está por encima del máximo del squeeze: se reabren posiciones durante la subida
followup-reading-chop = se reabren posiciones en un rango estrecho ({ $chop } ATR en 4 h)
followup-reading-following = acompaña al precio
followup-reading-fast = se repone deprisa
followup-reading-slow = se repone despacio

# El precio.
followup-price-share-long = Precio { $price } a las { $at } UTC: recuperado el { $share } de la caída ({ $before } → { $extreme })
followup-price-share-short = Precio { $price } a las { $at } UTC: devuelto el { $share } de la subida ({ $before } → { $extreme })
followup-price-all-long = Precio { $price } a las { $at } UTC: recuperada toda la caída ({ $before } → { $extreme })
followup-price-all-short = Precio { $price } a las { $at } UTC: devuelta toda la subida ({ $before } → { $extreme })
followup-price-beyond-long = Precio { $price } a las { $at } UTC: nada recuperado de la caída ({ $before } → { $extreme })
followup-price-beyond-short = Precio { $price } a las { $at } UTC: nada devuelto de la subida ({ $before } → { $extreme })
followup-price-furthest-long = nuevo mínimo { $price }, un { $beyond } por debajo del de la barrida ({ $at } UTC)
followup-price-furthest-short = nuevo máximo { $price }, un { $beyond } por encima del máximo del squeeze ({ $at } UTC)
followup-price-distance-long = { $distance } desde el máximo de 24 h anterior a la barrida
followup-price-distance-short = { $distance } desde el mínimo de 24 h anterior al squeeze

# El funding.
followup-funding-settled = Funding: { $verdict } ({ $before } → { $now }; { $venues })
followup-funding-told = Funding: { $verdict } ({ $before } → { $now }, últimas tasas conocidas; { $venues })
followup-settlements = pagos desde entonces: { $counts }
followup-settlements-venue = { $venue } { $n } (cada { $hours } h)
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

# Los niveles clave.
followup-levels = Niveles: { $levels }
followup-level-untested-long = { $price } ({ $source }) no alcanzado
followup-level-held-long = { $price } ({ $source }) aguantó
followup-level-wicked-long = { $price } ({ $source }) perforado hasta { $reached } y recuperado
followup-level-lost-long = { $price } ({ $source }) perdido, sin dos cierres de 1 h por encima
followup-level-lost-confirmed-long = { $price } ({ $source }) perdido con cierre de 1 h, sin dos por encima
followup-level-reclaimed-long = { $price } ({ $source }) perdido y recuperado ({ $at } UTC)
followup-level-lost-again-long = { $price } ({ $source }) recuperado ({ $at } UTC) y perdido de nuevo
followup-level-untested-short = { $price } ({ $source }) no alcanzado
followup-level-held-short = { $price } ({ $source }) aguantó
followup-level-wicked-short = { $price } ({ $source }) perforado hasta { $reached } y de nuevo por debajo
followup-level-lost-short = { $price } ({ $source }) superado, sin dos cierres de 1 h por debajo
followup-level-lost-confirmed-short = { $price } ({ $source }) superado con cierre de 1 h, sin dos por debajo
followup-level-reclaimed-short = { $price } ({ $source }) superado y de nuevo por debajo ({ $at } UTC)
followup-level-lost-again-short = { $price } ({ $source }) de nuevo por debajo ({ $at } UTC) y superado otra vez

# Lo que hay detrás.
followup-anchor-moved = Los tiempos cuentan desde el tramo mayor ({ $at } UTC).
followup-late = Publicado con { $late } de retraso, datos del { $at } UTC.
followup-not-assessed = Sin evaluar: { $what }
followup-missing-books = libros de órdenes (no se guarda la profundidad)
followup-missing-open-interest = interés abierto (ningún exchange sin huecos lo dio con la frecuencia necesaria)
followup-missing-price = precio (no se conoce ninguno)
followup-missing-funding = funding (no se conoce el de antes y el de ahora)
followup-missing-levels = niveles clave (no se podían calcular al inicio)
followup-missing-since = interés abierto de { $venue } (falta desde { $from } UTC)
followup-missing-gap = interés abierto de { $venue } (hueco { $from }–{ $to } UTC)
followup-missing-gap-days = interés abierto de { $venue } (hueco del { $from } al { $to } UTC)
followup-missing-slow = interés abierto de { $venue } (solo se conoce cada { $every })

# El gráfico.
followup-chart-title = { $coin } +{ $step }
followup-chart-alt = { $coin } desde { $from } hasta { $to } UTC: precio, liquidaciones e interés abierto.
followup-chart-alt-price = { $coin } desde { $from } hasta { $to } UTC: precio { $before } antes, { $extreme } en el extremo, { $price } al final.
followup-chart-alt-oi = { $coin } desde { $from } hasta { $to } UTC: precio { $before } antes, { $extreme } en el extremo, { $price } al final; interés abierto { $change } en monedas respecto a antes.
