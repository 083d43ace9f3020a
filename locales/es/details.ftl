# Los detalles de un seguimiento: cada comprobación con sus cifras y la regla con la que se juzgó. "-long" habla de una
# barrida de largos, "-short" de un squeeze de cortos.

detail-line = { $parts }
detail-unknown = desconocido
detail-times = { $n }×

# La base.
detail-basis = Base: { $before } → { $now } (lo habitual: { $usual }), { $verdict }
detail-basis-already-usual = ya era la habitual
detail-basis-tightened = se estrechó
detail-basis-inverted = pasó al otro lado de lo habitual
detail-basis-widened = más lejos de lo habitual que antes
detail-basis-flat = apenas cambió
detail-basis-closed = ha desaparecido el { $share } de su distancia a lo habitual
detail-basis-grown = su distancia a lo habitual creció un { $share }
detail-basis-overshoot-long = mínimo en la barrida { $overshoot } respecto a lo habitual
detail-basis-overshoot-short = máximo en el squeeze { $overshoot } respecto a lo habitual
detail-interest-before = antes: mediana entre 60 y 10 min antes del inicio
detail-basis-perp-led-long = los perps se vendieron antes que el spot
detail-basis-perp-led-short = los perps se compraron antes que el spot
detail-basis-rule = Regla de la base: lo habitual es su mediana de los siete días anteriores; se estrechó si desapareció la mitad de la distancia; antes que el spot desde 15{"\u202F"}pb

# Spot o perps.
detail-volume = Spot o perps: perps { $perp }×, spot { $spot }× lo habitual, ratio { $ratio } (lo habitual: de { $low } a { $high }), { $verdict }
detail-volume-perp-led = liderado por perps
detail-volume-spot-led = liderado por spot
detail-volume-as-usual = ninguno lideró
detail-volume-demand = takers de spot netos { $demand }
detail-volume-since = { $hours ->
    [one] última hora
   *[other] últimas { $hours }{"\u202F"}h
}, perps { $perp }, spot { $spot }
detail-volume-since-demand = { $hours ->
    [one] última hora
   *[other] últimas { $hours }{"\u202F"}h
}, perps { $perp }, spot { $spot }, takers netos { $demand }
detail-volume-no-takers = nadie dice de qué lado estaban los takers de spot, así que no se dice quién compró ni quién vendió
detail-volume-rule = Regla de spot o perps: sus { $hours }{"\u202F"}h frente a las mismas horas del día; lo habitual: del percentil 10 al 90 de su propio ratio en { $known }{"\u202F"}h; lideran los perps desde el 90, el spot hasta el 10

# Las liquidaciones.
detail-liquidations = Liquidaciones de { $coin }: { $total } mientras duró, desde su inicio, la mitad en { $half } desde el pico (con precisión de { $step }), { $verdict }
detail-liquidations-at-peak = Liquidaciones de { $coin }: { $total } mientras duró, desde su inicio, al menos la mitad hasta el pico (con precisión de { $step }), { $verdict }
detail-liquidations-too-early = demasiado pronto para decir si remitieron
detail-liquidations-faded = remitieron
detail-liquidations-persistent = persisten ({ $above } de las 4 últimas horas con { $q90 } o más)
detail-liquidations-not-heard = no se oyeron enteras las cuatro últimas horas
detail-liquidations-aftershocks =
    { $n ->
        [one] { $n } réplica
        [many] { $n } de réplicas
       *[other] { $n } réplicas
    }
detail-liquidations-last-long = última hora: largos { $hurt }, cortos { $other }
detail-liquidations-last-short = última hora: cortos { $hurt }, largos { $other }
detail-liquidations-rising = más que en la hora anterior
detail-liquidations-fading = menos que en la hora anterior
detail-liquidations-steady = más o menos como en la hora anterior
detail-liquidations-flipped-long = ahora sobre todo cortos
detail-liquidations-flipped-short = ahora sobre todo largos
detail-liquidations-rule = Regla de las liquidaciones: cuenta solo el lado afectado, desde cuatro horas después del final; remitieron si las cuatro últimas quedaron por debajo de su propio percentil 90 por hora ({ $q90 }); sobre todo el otro lado desde el 60{"\u202F"}%; más desde 1,25 veces

# El mercado.
detail-board = Mercado: { $moved } de { $coins } monedas se movieron más de lo habitual, { $verdict }; BTC y ETH { $majors }, { $group } { $others }
detail-board-uniform = en todo el mercado
detail-board-targeted = monedas sueltas
detail-board-mixed = una parte
detail-board-tail = las monedas a partir del puesto 21
detail-board-others = las demás
detail-board-high-beta-hit = { $times } veces las grandes: sufrieron más las de beta alta
detail-board-majors-led = { $times } veces las grandes: se movieron más las grandes
detail-board-together = { $times } veces las grandes
detail-board-worst = más allá de su beta con BTC: { $coins }
detail-board-coin = { $coin } { $residual } (beta { $beta })
detail-board-stress = tensión oculta: { $coins }
detail-board-stressed = { $coin }, { $share } de su OI liquidado con { $move } en 24{"\u202F"}h
detail-board-implausible = su volumen comunicado supera 40 veces su OI, así que no es fiable: { $coins }
detail-board-rule = Regla del mercado: fuera de lo habitual es un 2{"\u202F"}% y 1,5 de sus días habituales; en todo el mercado desde el 70{"\u202F"}% de las monedas, monedas sueltas por debajo del 30{"\u202F"}%; beta alta desde 1,5 veces, grandes hasta 0,8

# Los libros de órdenes.
detail-books = Libros de órdenes: { $now } a menos de un 1{"\u202F"}%, el { $share } de los { $usual } habituales, { $verdict }
detail-books-thin = poco profundos
detail-books-recovering = recuperándose
detail-books-normal = normales
detail-books-least = en el peor momento, el { $share }
detail-books-forced = lo forzado fue el { $share } del volumen de la última hora
detail-books-cleaner = la negociación es más limpia
detail-books-rule = Regla de los libros de órdenes: frente a la mediana de la misma hora en { $days } días; poco profundos por debajo del 50{"\u202F"}%, normales desde el 80{"\u202F"}%; más limpia si son normales y se fuerza menos del 0,3{"\u202F"}%

# Los exchanges.
detail-venues = Exchanges: { $shares } de lo observado, { $verdict }
detail-venues-dislocated = { $venue } se separó del resto
detail-venues-concentrated = casi todo en uno
detail-venues-spread = repartido
detail-venues-one-told = solo uno las comunica, no es un reparto
detail-venue-share = { $venue } { $share }
detail-venues-partial = de { $venues } solo se muestra una parte
detail-venues-untold = de { $venues } no se conoce ninguna
detail-venues-rule = Regla de los exchanges: casi todo es el 90{"\u202F"}%; un exchange se separa si además su precio de marca está a un 1{"\u202F"}%

# Lo que no se pudo evaluar.
detail-not-assessed = Sin evaluar: { $what }
followup-missing-basis = base (sin índice antes y ahora, o menos de 72 valores de la semana anterior)
followup-missing-volume = spot o perps (volúmenes conocidos desde hace poco)
followup-missing-liquidations = liquidaciones (ninguna observada, o menos de 72 h de ellas antes)
followup-missing-coins = mercado (hacen falta BTC y cinco monedas aparte de las grandes)
followup-missing-venues = exchanges (ninguno comunicó liquidaciones)
detail-missing-venues-named = exchanges (sin liquidaciones de { $venues })
followup-missing-depth = libros de órdenes (profundidad no comunicada ahora, o en menos de tres días a esta hora)
