# Respuestas a los comandos. Los valores son cifras y nombres ya escritos; $n y otras cuentas son números y pueden decidir un plural.

# Una línea cada uno, para /help y los menús de los chats.
command-flush = La última barrida con el mercado de 24 h, una por su id, o el porqué de su puntuación
command-funding = Funding por exchange, o el más alto y el más bajo de todas las monedas
command-oi = Interés abierto y sus cambios, por exchange o por moneda
command-levels = Niveles clave por encima y por debajo del precio
command-status = Qué está en vivo, qué falta y qué viene después
command-help = Qué puedes preguntar
command-alerts-show = Qué recibe este canal
command-alerts-set = Cambiar un ajuste de este canal
command-alerts-coins = Elegir las monedas que sigue este canal
command-alerts-language = Elegir el idioma de este canal
command-alerts-mute = No publicar nada aquí durante un tiempo
command-alerts-preset = Elegir cuánto se publica aquí, en una palabra
command-alerts-preview = Qué habrían publicado aquí otros ajustes
command-alerts-target = Buscar ajustes para tantas publicaciones a la semana
command-alerts-test = Publicar aquí un mensaje de prueba

# Giros compartidos.
as-of = datos: { $at } UTC
as-of-old = datos: { $at } UTC, hace { $age }
# En lugar de dólares que son un mínimo, cuando ningún feed dio ni una liquidación.
told-none = ninguna vista
answer-line = { $parts }
answer-venue = { $venue } { $parts }
answer-age = de hace { $age }

button-funding = Funding
button-oi = Interés abierto
button-levels = Niveles
button-flush = La barrida
button-why = Por qué
button-status = Estado
button-last-flush = Última barrida

# /funding
funding-headline = Funding de { $coin } · { $as_of } · lo neutral es cerca de { $neutral }
funding-headline-all = Funding por moneda · { $as_of } · lo neutral es cerca de { $neutral }
funding-rate = { $rate } ({ $yearly } al año)
funding-rate-rescaled = { $rate } = { $rate_8h } ({ $yearly } al año)
funding-at-cap = en su tope
funding-paid = pagado hace { $age }
funding-next = próximo en { $wait }
funding-weighted = Ponderado por interés abierto { $rate }
funding-median = Mediana { $rate }
funding-weighted-within = ponderado por interés abierto { $rate }
funding-weighted-on = { $rate } en { $venues }
funding-median-within = mediana { $rate }
funding-lower-than = más bajo que en el { $share } de los últimos { $days } días
funding-higher-than = más alto que en el { $share } de los últimos { $days } días
funding-of-coin = { $coin } { $rate } ({ $yearly } al año)
funding-of-large = Entre { $n ->
    [one] { $n } moneda
   *[other] { $n } monedas
} con al menos { $least } de interés abierto
funding-chart-title = { $coin }: funding pagado por exchange
funding-chart-alt = Funding de { $coin } pagado en cada 8 h desde { $from } hasta { $to } UTC: { $venues }.
funding-chart-venue = { $venue } de { $low } a { $high }
funding-chart-venue-gaps = { $venue } de { $low } a { $high } ({ $unknown } de { $all } sin conocer)

# /oi
oi-headline = Interés abierto de { $coin }: { $coins } · { $usd } en { $live } de { $all ->
    [one] { $all } exchange
   *[other] { $all } exchanges
} · { $as_of }
oi-headline-all = Interés abierto por moneda · { $as_of }
oi-change = { $span } { $coins }
oi-change-dollars = { $span } { $coins } en monedas (en dólares { $usd }: el resto es precio)
# $change es uno de los dos anteriores, en menos exchanges que el total.
oi-change-on = { $change } en { $venues }
oi-no-changes = Aún no se puede decir ningún cambio: hace falta una hora de interés abierto en los mismos exchanges.
oi-share = { $venue } { $share }
oi-share-old = { $venue } { $share }, de hace { $age }
oi-missing = { $venue } falta desde { $since } UTC
oi-silent = { $venue } en silencio desde hace { $age }
oi-of-high = { $share } de su máximo de { $days ->
    [one] { $days } día
   *[other] { $days } días
}
oi-derived = { $venues }: dado en dólares y pasado a monedas con el precio mediano.
oi-of-coin = { $coin } { $usd }
oi-of-all = Las { $n } mayores de { $all } monedas
oi-chart-title = { $coin }: interés abierto por exchange, { $hours } h
oi-chart-alt = Interés abierto de { $coin } por exchange en { $hours } h: { $venues }.
oi-chart-venue = { $venue } { $last } ({ $change })
oi-chart-venue-new = { $venue } { $last }
oi-chart-venue-missing = { $venue } últimos { $last }, ahora sin datos

# /levels; los motivos son las frases `level-…`.
levels-headline = { $coin } { $price } · { $as_of }
levels-headline-atr = { $coin } { $price } · ATR(1h) { $atr } · { $as_of }
levels-above = ▲ { $price } ({ $away }) · { $sources } · { $standing }
levels-above-atr = ▲ { $price } ({ $away }, { $atrs } ATR) · { $sources } · { $standing }
levels-below = ▼ { $price } ({ $away }) · { $sources } · { $standing }
levels-below-atr = ▼ { $price } ({ $away }, { $atrs } ATR) · { $sources } · { $standing }
levels-score = { $score }/100
# Qué pasó en un nivel en las últimas 24 horas.
levels-state-untested = no alcanzado
levels-state-held = alcanzado, aguantó
levels-state-pierced = perforado, recuperado al cierre
levels-state-crossed = cruzado
levels-touches = Primeros toques que aguantaron: { $rates } · frente a { $mirrored }
levels-touches-of = { $family } { $held } de { $touched }
levels-touches-few = Primeros toques: { $touched } decididos hasta ahora, de niveles o de los sitios con que los comparo; a partir de { $least } digo cuántos aguantaron.
levels-touches-note = De los niveles conocidos en cada medianoche guardada. Aguantar: volver un ATR(15 min) antes de que una vela cierre más allá. Dice lo que fue.
level-family-all = todos
level-family-mirrored = sitios a igual distancia al otro lado
level-family-day = día anterior
level-family-week = semana anterior
level-family-month = mes anterior
level-family-vwap = VWAP del día
level-family-anchored = VWAP anclado
level-family-profile = perfil de volumen
level-family-swing = giros
level-family-round = números redondos
level-family-flush = extremos de barridas
levels-model-shorts = Modelo, cortos liquidados cerca de: { $bands }
levels-model-longs = Modelo, largos liquidados cerca de: { $bands }
levels-model-band = { $price } ({ $away }, { $intensity })
levels-model-note = Estimación de un modelo, no datos: posiciones supuestas a partir de las subidas del interés abierto y una mezcla fija de apalancamientos. 1 es la banda más fuerte; solo cuenta el tamaño de unas frente a otras.
levels-model-unknown = Modelo: no se conoce el interés abierto que necesita.
levels-note = A partir de { $hours ->
    [one] { $hours } vela horaria
   *[other] { $hours } velas horarias
}. Alcanzado, perforado, cruzado: en las últimas 24 h. Sobre 100: cuánto respalda a un nivel, no la probabilidad de que aguante.
levels-chart-title = { $coin }: niveles clave en torno al precio
levels-chart-alt = Escalera de niveles clave de { $coin } en torno a { $price }: { $rungs }. Al lado, el precio de { $hours ->
    [one] la última hora
   *[other] las últimas { $hours } horas
}.
levels-chart-alt-model = { levels-chart-alt } Sombreado detrás: dónde sitúa un modelo las liquidaciones.
levels-chart-rung = { $price } ({ $away }) { $source }

# /flush
flush-headline-open = { $coin }, { $kind } · ahora { $score }/100, pico { $peak }/100 ({ $band }) · desde { $onset } UTC
flush-headline-ended = { $coin }, { $kind } · terminó { $ended } tras { $span } · pico { $peak }/100 ({ $band }) · empezó { $onset } UTC
flush-headline-retracted = { $coin }, { $kind } · retirada { $ended }: las velas posteriores no muestran este precio · pico { $peak }/100 ({ $band }) · empezó { $onset } UTC
flush-scope-coin = una moneda
flush-scope-targeted = unas pocas monedas
flush-scope-broad = muchas monedas
flush-scope-market = todo el mercado
flush-members = { $scope }: también { $names }
flush-members-more = { $scope }: también { $names } y { $more } más
flush-strongest = la más fuerte: { $coin } { $peak }/100
flush-liquidated = Liquidado, incluida la hora anterior: largos { $longs }, cortos { $shorts }
flush-liquidated-totals = Liquidado, según los totales: largos { $longs }, cortos { $shorts }
flush-liquidated-none = Liquidaciones: los feeds no dieron ninguna
flush-largest = mayor liquidación individual { $usd }
flush-prints = { $n ->
    [one] { $n } liquidación
   *[other] { $n } liquidaciones
}
flush-observed-all = Todas sus monedas juntas { $usd }
flush-observed-parts = cada una hasta el final de su parte
flush-observed-without = sin { $coins }: ningún feed dio las suyas
flush-no-liquidations-of = Liquidaciones de { $coin }: ningún feed las dio, así que se desconoce cuánto se liquidó de ella
flush-no-liquidations = Liquidaciones: ningún feed las dio, así que se desconoce cuánto se liquidó
flush-price-long = Precio { $reference } → { $extreme } ({ $at } UTC; { $move } desde su máximo de 6 h)
flush-price-short = Precio { $reference } → { $extreme } ({ $at } UTC; { $move } desde su mínimo de 6 h)
flush-price-last = último { $price }, { $as_of }
flush-price-unknown = sin precio ahora
flush-price-end = { $price } al terminar su parte, { $at } UTC
flush-price-now = ahora { $price }, { $as_of }
# $before es el máximo de la hora anterior; los seguimientos comparan con una mediana.
flush-open-interest = Interés abierto { $change } en monedas en { $venues } (máximo de la hora anterior { $before } → { $now })
flush-open-interest-end = Interés abierto { $change } en monedas en { $venues } (máximo de la hora anterior { $before } → { $now } al terminar su parte, { $at } UTC)
flush-open-interest-lost = Interés abierto: ahora se desconoce; su variación se mide en { $venues } (máximo de la hora anterior { $before })
flush-open-interest-end-unknown = Interés abierto: se desconoce al terminar su parte, { $at } UTC; su variación se mide en { $venues } (máximo de la hora anterior { $before })
flush-open-interest-untold = Interés abierto: no se conoce el de la hora anterior, así que se desconoce su variación
flush-before = Antes: { $parts }
flush-before-high = interés abierto al { $share } de su máximo
flush-before-funding = funding { $rate }
flush-confidence = Confianza { $confidence } de 1
flush-price-only = solo precio, como mucho BARRIDA
flush-gap = { $venue }: falta { $feed }
flush-gap-since = { $venue }: falta { $feed } desde { $since } UTC
flush-posted = Publicada aquí: { $reason }
flush-not-posted = No publicada aquí: { $reason }
flush-only-watched = No publicada en ningún sitio: { $reason }
flush-no-decision = No se guarda ninguna decisión sobre este canal: entonces no escuchaba, o fue hace más de 100 días.
flush-next = Próximo seguimiento +{ $step }: { $at } UTC

# La tarjeta del mercado de 24 h bajo la última barrida: letras, pesos y partes como en docs/detector.md.
flush-changed = Cifras de la barrida, datos: { $at } UTC
flush-none-yet = Todavía no hubo ninguna barrida
flush-day = Mercado, 24{"\u202F"}h: { $word }, { $score } de 100
flush-day-without-liquidations = Mercado, 24{"\u202F"}h: { $score } de 100 sin liquidaciones, muy poco para una palabra
flush-day-liquidated = { $usd } liquidados ({ $share } { $side })
flush-day-liquidated-none = ninguna liquidación vista
flush-day-btc = BTC { $move }
flush-day-collecting = Mercado, 24{"\u202F"}h: reuniendo datos, { $hours }{"\u202F"}h de 24
flush-day-inputs = { $parts } · puntuación = 100·Σ(a·c) ÷ Σ a
flush-day-input = { $letter } { $weight }×{ $share }
flush-day-input-of = { $letter } { $weight }×{ $share } ({ $what })
flush-day-i = { $value } del interés abierto liquidado
flush-day-o = interés abierto { $value } bajo su máximo
flush-day-f = el funding de BTC se movió { $value }/8h
flush-day-input-u = liquidaciones
flush-day-input-i = su parte del interés abierto
flush-day-input-o = caída del interés abierto
flush-day-input-p = precio de BTC
flush-day-input-d = lados de las liquidaciones
flush-day-input-f = cambio del funding
flush-day-missing = Mercado, no se conoce y queda fuera: { $inputs } (pesos conocidos: { $known } de 1)

# /flush why: a es el peso, c la parte. $span es cuánto se miró atrás, $level lo que la moneda supera una vez cada 3 días.
flush-why-headline = { $coin } { $score } = 100·(1 − Π(1 − a·c)) · { $id }
flush-why-component = { $letter } { $weight }×{ $share } · { $parts }
flush-why-within = { $what } en { $span }
flush-why-level = nivel { $level }
flush-why-prior = nivel provisional { $level }
flush-why-full = completo a { $times }×
flush-why-range = de { $low } a { $high }
flush-why-range-bp = de { $low } a { $high } pb
flush-why-rule = a×c es peso × parte. c = ln(valor ÷ nivel) ÷ ln(completo); I y F: a qué altura está el valor entre las dos cifras; siempre de 0 a 1. Nivel: superado una vez cada 3 días (V: el 5 % del tiempo). Cada uno es el más alto en 60 min.
flush-why-priors = Un nivel provisional sustituye al de la moneda hasta conocerla lo suficiente, y cuenta la mitad en la confianza.
flush-why-l-long = { $value } de largos liquidados
flush-why-l-short = { $value } de cortos liquidados
flush-why-l-none-long = ningún largo visto liquidado
flush-why-l-none-short = ningún corto visto liquidado
flush-why-p-long = el precio cayó { $value } según ln(máximo ÷ mínimo)
flush-why-p-short = el precio subió { $value } según ln(máximo ÷ mínimo)
flush-why-o = el interés abierto en monedas cayó { $value }
flush-why-i = se liquidó el { $value } del interés abierto en 1{"\u202F"}h
flush-why-v = { $value } negociados
flush-why-f = el funding o la base se movió { $value }
flush-why-f-basis = la base se movió { $value } pb
flush-why-f-funding = el funding se movió { $value }/8h
flush-why-input-l = liquidaciones
flush-why-input-p = precio
flush-why-input-o = interés abierto
flush-why-input-i = intensidad
flush-why-input-v = volumen
flush-why-input-f = funding y base
flush-why-missing = No se conocía, así que suma 0: { $inputs }
flush-why-none = ninguno
flush-venues = Liquidaciones por exchange: { $parts }
flush-venues-until = Por exchange, cada moneda se cuenta hasta el final de la barrida; en las sumas por moneda, cada una hasta el final de su parte.
flush-venue-seen = { $venue } { $usd } ({ $how })
flush-venue-about = { $venue } { $usd }, unos { $high } en total ({ $how })
flush-venue-range = { $venue } { $usd }, unos { $low } a { $high } en total ({ $how })
flush-venue-most = { $venue } { $usd }, hasta unos { $high } en total ({ $how })
flush-venue-implied = { $venue } unos { $low } a { $high } por la caída de su interés abierto ({ $how })
flush-venue-unknown = { $venue } sin datos ({ $how })
flush-venue-complete = las dice todas
flush-venue-throttled = una por segundo
flush-venue-largest = la mayor de cada segundo
flush-venue-totals = solo sumas, con feeds que muestran solo algunas
flush-venue-silent = no dice ninguna
flush-venue-full = { $how }, en su límite
flush-venue-of = de { $coins }: { $how }
flush-venue-lost = { $how }, no siempre oído
flush-forced-public = De una caída del interés abierto se toma por forzado entre { $low } y { $high }, lo visto en dos barridas con cifras públicas
flush-forced-learnt = De una caída del interés abierto se toma por forzado entre { $low } y { $high }: la mitad de { $n } barridas, en exchanges que dicen todas las liquidaciones
flush-why-gate-open = Puerta abierta: precio y posiciones por encima de su nivel en 60 min ({ $inputs })
flush-why-gate-closed = Puerta cerrada, así que como mucho { $most }: el precio y además las liquidaciones o el interés abierto deben superar su nivel en 60 min. Lo superan: { $inputs }
flush-why-price-only = Puerta: solo el precio, al menos { $times }× su nivel, así que como mucho { $most } (BARRIDA), confianza { $confidence }
flush-why-low-confidence = Se conocía: { $known } de los pesos, menos de { $least }, así que como mucho { $most } (BARRIDA)
flush-why-alone = Solo el precio { $points } · { $parts }; { $base }·ln(valor ÷ nivel) ÷ ln({ $full }), como mucho { $most }; vale lo más alto
flush-why-held = Se dijo { $told }
flush-why-revision = Ajustes del detector, revisión { $n }

# Por qué algo se publicó, o no.
reason-first = la primera tarjeta de esta barrida
reason-escalated = alcanzó un nivel mayor
reason-grew = creció
reason-joined = se sumaron más monedas
reason-ended = terminó
reason-retracted = se retiró
reason-follow-up = tocaba un seguimiento
reason-only-watched = solo llegó a VIGILANCIA
reason-not-held = solo llegó a VIGILANCIA: tuvo 45 puntos durante menos de 15 segundos, o solo tras media hora o más sin nada por encima de su nivel
reason-below-band = quedó por debajo del nivel mínimo de este canal
reason-others-below-band = en monedas fuera de la lista de este canal quedó por debajo de others_band
reason-coin-not-watched = su moneda no está entre las de este canal
reason-below-usd = se liquidó menos que el importe mínimo de este canal
reason-muted = el canal estaba silenciado
reason-type-off = este tipo de mensaje está desactivado aquí
reason-leg = empezó otro tramo de esta barrida
reason-too-old = se supo demasiado tarde para ser noticia
reason-flood = este canal ya tuvo tantas publicaciones nuevas como puede tener cualquiera en una hora o en un día
reason-suspended = las publicaciones en este canal estaban suspendidas

# /status
status-headline = { $coins ->
    [one] { $coins } moneda vigilada
   *[other] { $coins } monedas vigiladas
} · { $as_of } · en marcha desde hace { $span }
status-headline-no-facts = Aún sin datos de mercado · en marcha desde hace { $span }
status-no-feeds = Ningún feed ha hablado todavía
status-venue = { $venue } { $live } de { $all }
status-feeds = Feeds en vivo: { $venues }
status-trouble = { $venue }, { $feeds }: { $state } desde { $since } UTC ({ $age })
status-feed = { $feed }
status-blocked = Bloqueados, porque no atienden al lugar donde funciono: { $venues }. Faltan en todos los totales; vuelvo a preguntar cada hora.
status-blocked-venue = { $venue } desde { $since } UTC ({ $feeds })
status-blocked-more = { $n } más
status-blind = No oigo las liquidaciones de { $lasting }, ni oí las de { $spans } UTC. Los totales de esos ratos se quedan cortos.
status-blind-now = No oigo las liquidaciones de { $lasting } UTC. Los totales desde entonces se quedan cortos.
status-blind-before = No oí las liquidaciones de { $spans } UTC. Los totales de { $n ->
    [one] ese rato
   *[other] esos ratos
} se quedan cortos.
status-warming-lists = Aprendiendo lo habitual: a la espera de las listas de los exchanges
status-broken = Ahora no se está vigilando el mercado: el registro dice por qué, y lo intento de nuevo por mi cuenta
status-warming = Aprendiendo lo habitual: { $done } de { $all ->
    [one] { $all } moneda
   *[other] { $all } monedas
}
status-more = { $n ->
    [one] { $n } feed más no está completo
   *[other] { $n } feeds más no están completos
}
status-feed-mark = precio de marca
status-feed-index = precio índice
status-feed-oi = interés abierto
status-feed-funding = funding
status-feed-bar = velas
status-feed-liquidations = totales de liquidaciones
status-feed-liquidation = liquidaciones
status-feed-depth = libros de órdenes
status-feed-turnover = volumen de 24 h
status-feed-feed = salud de los feeds
status-state-partial = parcial
status-state-stale = en silencio
status-state-blocked = bloqueado
status-state-recount = contando de nuevo
status-none-open = Ninguna barrida abierta
status-open = { $n ->
    [one] { $n } barrida abierta: { $ids }
   *[other] { $n } barridas abiertas: { $ids }
}
status-nothing-due = Ningún seguimiento pendiente
status-due = Próximo seguimiento: { $at } UTC, en { $wait }
status-due-now = Hay un seguimiento pendiente desde { $at } UTC
status-rows = Guardado: { $episodes ->
    [one] { $episodes } barrida
   *[other] { $episodes } barridas
}, { $messages ->
    [one] { $messages } mensaje
   *[other] { $messages } mensajes
}, { $channels ->
    [one] { $channels } canal
   *[other] { $channels } canales
}
status-facts = { $facts ->
    [one] { $facts } dato
   *[other] { $facts } datos
} de { $source }
status-collecting = Liquidaciones de 24 h: reuniendo datos, { $hours } h de 24
status-note = Feeds en vivo de todos los oídos alguna vez, por exchange. Uno parcial envía menos de lo que ocurre y uno en silencio, nada.

# /help
help-headline = Qué puedes preguntar
help-family = { $command } y lo que le sigue
help-command = { $usage } · { $summary }
help-admin-family = { $family } { $verbs } · para quienes administran este canal; /help { $family } los explica
help-admins = Solo pueden usarlo quienes administran este canal.
help-setting = { $setting } · { $summary }
help-setting-choices = { $setting } · { $summary }: { $choices }
help-setting-range = { $setting } · { $summary }: de { $low } a { $high }
help-how-flush = Sin nada más, la última barrida y con qué fuerza se barrió todo el mercado en 24 h; con last, un id o una moneda, esa barrida: /flush BTC. Con why, cada dato de la puntuación, para que puedas recalcularla: /flush why, /flush why 2026-01-19-BTC-1.
help-how-funding = Con una moneda, la tasa de cada exchange, su equivalente anual y cuándo se paga: /funding BTC. Sin ella, las 5 más altas y las 5 más bajas.
help-how-oi = Con una moneda, monedas y dólares, cambios y la parte de cada exchange: /oi BTC. Sin ella, las 10 mayores.
help-how-levels = Hasta 3 niveles a cada lado, con motivos y distancia: /levels ETH. Sin moneda, BTC. Con touches, cuántas veces aguantó el primer toque: /levels BTC touches. Con model, dónde sitúa un modelo las liquidaciones: /levels BTC model.
help-how-status = Feeds por exchange, cuándo no se oyeron liquidaciones, barridas abiertas, el próximo seguimiento y cuánto se guarda.
help-how-help = Con un comando, lo que admite: /help alerts set.
help-how-alerts-show = Todos los ajustes de este canal, y el último cambio con su autor.
help-how-alerts-set = Un ajuste y su nuevo valor: /alerts set smallest_usd 2.5m.
help-how-alerts-coins = Una lista nueva, o cambios en ella: /alerts coins BTC ETH SOL, /alerts coins +SOL -ETH, /alerts coins default. Como mucho 50.
help-how-alerts-language = El idioma de todo lo que se publica aquí: /alerts language es.
help-how-alerts-mute = Minutos, horas o días, como mucho 30 días: /alerts mute 30m, 1h, 2d. /alerts mute off lo termina.
help-how-alerts-preset = quiet, normal o active: /alerts preset quiet. Fija los niveles, el importe mínimo y los tipos de mensaje; las monedas y el idioma se quedan. Sin nombre, qué fija cada uno. También se entienden dos niveles y un importe en una palabra: /alerts preset severe/extreme/1m.
help-how-alerts-preview = Los últimos 30 días, o los que digas, tal como los habría recibido este canal: /alerts preview, /alerts preview 90. Con un preset o con ajustes, qué habrían publicado estos: /alerts preview quiet, /alerts preview 14 smallest_band severe smallest_usd 5m. No se cambia nada.
help-how-alerts-target = Los ajustes que más habrían publicado sin pasar de ahí: /alerts target 5, /alerts target 1 per day. Un botón los aplica.
help-how-alerts-test = Un mensaje enviado como las alertas, para ver si pueden llegar.

# /alerts
alerts-headline = Qué recibe este canal · preset: { $preset }
preset-own = propio
alerts-setting = { $setting }: { $value }
alerts-revision = Revisión { $n }
alerts-last-change = Último cambio, { $at } UTC, de { $who }: { $setting } { $old } → { $new }
alerts-changed = { $setting }: { $old } → { $new }
alerts-unchanged = { $setting } sigue como estaba: { $new }
alerts-preset = preset: { $preset }
alerts-preset-same = preset sigue como estaba: { $preset }
alerts-preset-sets = { $preset }: { $settings }
alerts-preset-keeps = Un preset deja como están las monedas, el idioma, el aspecto y el silencio.
alerts-not-muted = sin silenciar
alerts-muted-until = hasta { $at } UTC
alerts-test-posted = Un mensaje de prueba va de camino a este canal.
alerts-setting-coins = monedas que se publican desde el nivel mínimo
alerts-setting-smallest-band = el nivel mínimo de esas monedas y de la tarjeta de todo el mercado
alerts-setting-others-band = el nivel mínimo de las demás monedas
alerts-setting-smallest-usd = lo mínimo que se liquidó
alerts-setting-language = el idioma de las publicaciones
alerts-setting-card = tarjetas de barridas
alerts-setting-followup = seguimientos de las tarjetas
alerts-setting-derivatives-day = la publicación sobre un día dominado por derivados
alerts-setting-digest = el resumen: el estado del mercado, cada día, o los lunes con las barridas de 7 días
alerts-setting-digest-hour = la hora del resumen, UTC, de 0 a 23
alerts-hour = { $at } UTC
alerts-setting-mute = hasta cuándo no se publica nada
alerts-test-headline = Mensaje de prueba: las alertas de este canal pueden llegar

# /alerts on, off, status, log; /settings
command-settings = Qué oye este canal
command-alerts-on = Publicar alertas aquí o en otro canal
command-alerts-off = Dejar de publicar alertas aquí o en otro canal
command-alerts-status = Permisos, última entrega, qué espera y por qué no llega nada
command-alerts-log = Quién cambió qué aquí
help-how-settings = Cada ajuste de este canal y el último cambio con su autor.
help-how-alerts-on = En este canal o en el que nombres: /alerts on. Digo qué no puedo hacer allí y publico un mensaje de prueba.
help-how-alerts-off = Los ajustes se quedan como están: /alerts on devuelve las alertas.
help-how-alerts-status = Qué puedo hacer en este canal, qué se publicó por última vez, qué espera, cuándo llega el próximo resumen y por qué se suspendió un canal.
help-how-alerts-log = Los últimos cambios, 5 o los que digas: /alerts log 20.
alerts-state-on = Las alertas están activadas.
alerts-state-off = Las alertas están desactivadas: /alerts on las inicia.
alerts-state-suspended = Las alertas están suspendidas: { $why }
alerts-menu = { $setting }: { $value }
alerts-takes = Admite de { $low } a { $high }.
alerts-log-headline = Cambios en este canal
alerts-log-empty = Hasta ahora no se ha cambiado nada.
alerts-log-change = { $at } UTC, { $who }: { $setting } { $old } → { $new }
alerts-on = Alertas activadas en { $channel }
alerts-on-already = Las alertas ya estaban activadas en { $channel }
alerts-on-hears = Desde { $band } para { $coins }. Un mensaje de prueba está en camino.
alerts-on-next = /alerts show tiene todos los ajustes, /alerts status dice si los mensajes llegan.
alerts-off = Alertas desactivadas en { $channel }
alerts-off-already = Las alertas ya estaban desactivadas en { $channel }
alerts-off-next = Los ajustes se conservan. /alerts on las reanuda.
alerts-status = { $channel }: { $state }
alerts-status-other = { $channel }: { $state }
alerts-status-on = alertas activadas
alerts-status-off = alertas desactivadas
alerts-status-suspended = suspendido desde { $since } UTC, { $why }
alerts-status-resume = Vuelve por sí solo cuando pueda publicar otra vez, o con /alerts on.
alerts-status-muted = Silenciado hasta { $at } UTC.
alerts-status-types-off = Desactivado aquí: { $types }.
alerts-status-rights = Aquí puedo hacer todo lo necesario.
alerts-status-missing = Aquí me falta: { $rights }
alerts-status-sent = Último mensaje entregado: { $at } UTC.
alerts-status-nothing-sent = Hasta ahora no se ha publicado nada aquí.
alerts-status-failed = Último mensaje que no llegó, { $at } UTC: { $why }
alerts-status-waits = El mensaje más antiguo que espera tiene { $age }.
alerts-status-nothing-waits = No espera nada.
alerts-status-digest = Próximo resumen: { $at } UTC, en { $wait }.
alerts-status-flood = { $n ->
    [one] Se retuvo { $n } barrida
   *[other] Se retuvieron { $n } barridas
} en las últimas 24 h: un canal recibe como mucho { $most } publicaciones nuevas al día. /alerts preset quiet pide menos.
alerts-setting-followups-in = si los seguimientos responden a su tarjeta o van en su hilo (Discord)
alerts-setting-theme = colores de los gráficos
suspended-rights = no se me permitió publicar
suspended-gone = el canal ya no existe
suspended-removed = me quitaron
suspended-blocked = me bloquearon
name = { $name }
button-settings = Todos los ajustes

# /alerts preview, /alerts target. $span es lo que dura un tramo, $posts cuenta publicaciones nuevas: tarjetas y mensajes de días.
preview-headline = Últimos { $span }: { $posts ->
    [0] ninguna publicación nueva
    [one] { $posts } publicación nueva
   *[other] { $posts } publicaciones nuevas
}, { $rate } a la semana
preview-headline-short = Últimos { $span }: { $posts ->
    [0] ninguna publicación nueva
    [one] { $posts } publicación nueva
   *[other] { $posts } publicaciones nuevas
}
preview-as-it-is = Con los ajustes de este canal (preset: { $preset })
preview-at = { $at } UTC
preview-flush = { $coin }, { $kind }
preview-score = { $band } { $score }
preview-usd = { $usd } liquidados
preview-day = día de derivados
preview-more = y { $n ->
    [one] { $n } anterior
   *[other] { $n } anteriores
}
preview-silent = { $n ->
    [one] { $n } queda en silencio
   *[other] { $n } quedan en silencio, las mayores:
}
preview-silent-one = { $what }: { $why }
preview-rests-on = Se apoya solo en { $span }: de antes no he guardado nada.
preview-mute-left-out = El silencio de ahora no se cuenta.
target-headline = Como mucho { $asked } { $per }: estos ajustes dan { $rate } a la semana según los últimos { $span }
target-headline-none = Como mucho { $asked } { $per } es menos que mis ajustes más callados: estos dan { $rate } a la semana según los últimos { $span }
target-per-week = por semana
target-per-day = por día
button-take = Aplicar estos ajustes

# Qué es un parámetro, para los menús de los chats.
parameter-coin = Moneda, como BTC; sin ella, todas
parameter-coins = Monedas, como BTC ETH, +SOL, -ETH o default
parameter-more = touches: cuántas veces aguantaron; model: bandas de liquidación estimadas
parameter-what = last, why, una moneda o el id de una barrida
parameter-episode = El id de una barrida
parameter-key = Qué ajuste
parameter-value = Su nuevo valor; sin él, cuál es y cuáles puede tener
parameter-language = Idioma de lo que se publica
parameter-span = Cuánto tiempo, como 30m, 1h, 2d u off
parameter-command = Un comando que explicar
parameter-channel = Otro canal que no sea este
parameter-lines = Cuántos cambios
parameter-name = quiet, normal o active; sin nombre, qué fija cada uno
parameter-days = Cuántos días hacia atrás
parameter-change = Un preset, o ajustes con su valor, como smallest_band severe
parameter-posts = Cuántas publicaciones nuevas como mucho
parameter-per = per week (por semana) o per day (por día)

# Por qué el último seguimiento dice lo que dice.
flush-why-reading = A +{ $step }, { $reading }: { $rules }
flush-why-reading-as-of = Según lo que se sabía entonces: { $at } UTC
flush-why-assessed = Evaluado, con lo que vale cada dato: { $inputs }
flush-why-lacking = Sin evaluar: { $inputs }
flush-input = { $name } { $weight }
flush-input-open-interest = interés abierto
flush-input-price = precio
flush-input-funding = funding
flush-input-levels = niveles clave
flush-input-spot-perp = de qué lado estuvieron los takers de spot
flush-input-follow-through = liquidaciones desde entonces
flush-input-basis = base
flush-rule-larger-since-long = una hora posterior liquidó más largos que la peor de la barrida
flush-rule-larger-since-short = una hora posterior liquidó más cortos que la peor del squeeze
flush-rule-support-persistent-long = el mejor nivel está perdido, y al menos una de las últimas 4 horas fue del décimo con más largos liquidados
flush-rule-support-persistent-short = el mejor nivel está superado, y al menos una de las últimas 4 horas fue del décimo con más cortos liquidados
flush-rule-support-distribution-long = el mejor nivel está perdido y se vendió spot
flush-rule-support-distribution-short = el mejor nivel está superado y se compró spot
flush-rule-reload-tripped-long = el interés abierto volvió sin un nuevo máximo de precio
flush-rule-reload-tripped-short = el interés abierto volvió sin un nuevo mínimo de precio
flush-rule-propped-tripped-long = el funding se sostiene sin demanda de spot
flush-rule-propped-tripped-short = el funding negativo se sostiene sin oferta de spot
flush-rule-reopened-into-weakness-long = las posiciones volvieron deprisa con menos de la mitad de la caída recuperada
flush-rule-reopened-into-weakness-short = las posiciones volvieron deprisa con menos de la mitad de la subida devuelta
flush-rule-reopened-in-chop = las posiciones volvieron deprisa en un rango estrecho
flush-rule-rebuild-slow = en un día volvió menos de un cuarto de las posiciones
flush-rule-funding-cleared-long = el funding se enfrió o pasó a negativo
flush-rule-funding-cleared-short = los cortos pagan menos que antes, o el funding pasó a positivo
flush-rule-funding-neutral-long = el funding no estaba cargado, lo que no cuenta ni a favor ni en contra
flush-rule-funding-neutral-short = los cortos no estaban cargados, lo que no cuenta ni a favor ni en contra
flush-rule-levels-held-long = el mejor nivel por debajo aguantó
flush-rule-levels-held-short = el mejor nivel por encima aguantó
flush-rule-new-extreme-long = no hay limpieza con un nuevo mínimo más de un 0,5 % por debajo del de la barrida
flush-rule-new-extreme-short = no hay limpieza con un nuevo máximo más de un 0,5 % por encima del máximo del squeeze
flush-rule-level-lost-long = no hay limpieza con el mejor nivel perdido
flush-rule-level-lost-short = no hay limpieza con el mejor nivel superado
flush-rule-box-tripped = no hay limpieza cuando ya se dio lo que la descarta
flush-rule-too-little-known = se pudo evaluar demasiado poco
flush-rule-nothing-fits = ninguna regla encaja
