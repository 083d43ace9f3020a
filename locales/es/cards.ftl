# Tarjetas: una barrida mientras ocurre y cuando ha terminado, y el aviso de un día de derivados. "-long" habla de una
# barrida de largos, en la que el precio cayó; "-short", de un short squeeze, en el que subió.

card-line = { $parts }
card-name = { $name }
card-names = { $names }
card-names-more = { $names } y { $n } más

# Titular y línea del móvil. $score va de 0 a 100, $reach es un "card-scope-…".
card-headline = { $coin }, { $kind } · { $band } { $score }/100
card-headline-wide = { $coin }, { $kind } · { $band } { $score }/100 · { $reach }
card-headline-ended = { $coin }, { $kind } · terminó { $at } UTC · pico { $score }/100 ({ $band })
card-headline-ended-wide = { $coin }, { $kind } · terminó { $at } UTC · pico { $score }/100 ({ $band }) · { $reach }
card-headline-prolonged = { $coin }, { $kind } · cerrada { $at } UTC, aún sin calma · pico { $score }/100 ({ $band })
card-headline-prolonged-wide = { $coin }, { $kind } · cerrada { $at } UTC, aún sin calma · pico { $score }/100 ({ $band }) · { $reach }
card-headline-lost = { $coin }, { $kind } · sin seguimiento desde { $at } UTC · pico { $score }/100 ({ $band })
card-headline-lost-wide = { $coin }, { $kind } · sin seguimiento desde { $at } UTC · pico { $score }/100 ({ $band }) · { $reach }
card-headline-retracted = { $coin }, { $kind } · retirada { $at } UTC: las velas posteriores no muestran este precio
card-headline-retracted-wide = { $coin }, { $kind } · retirada { $at } UTC: las velas posteriores no muestran este precio · { $reach }
card-scope-targeted = en pocas monedas: { $coins }
card-scope-broad = en buena parte del mercado: { $coins }
card-scope-market = en todo el mercado: { $coins }

card-push-size = { $what } · { $usd } liquidados en { $span } · { $move }
card-push-unknown = { $what } · { $move } · liquidaciones desconocidas
card-push-price-only = { $what } · { $move } · solo por precio
card-push-coin = { $coin }, { $kind }
card-push-targeted = { $coin }, { $kind } en pocas monedas: { $n }
card-push-broad = { $coin }, { $kind } en buena parte del mercado ({ $n } monedas)
card-push-market = { $coin }, { $kind } en todo el mercado ({ $n } monedas)
card-push-move = { $move }
card-push-move-of = { $largest } { $move }

# Cuánto se liquidó.
card-size = Liquidados { $usd } desde { $since } UTC ({ $share } { $side })
card-size-behind = Liquidados { $usd } de { $since } a { $until } UTC ({ $share } { $side }); los totales posteriores aún no se conocen
card-size-ended = Liquidados { $usd } en { $span }, de { $since } a { $until } UTC ({ $share } { $side })
card-size-none = Liquidaciones: los feeds no dieron ninguna de { $since } a { $until } UTC
card-size-not-yet = Aún no se conocen las liquidaciones de este tiempo: los totales de { $coin } llegan hasta { $until } UTC
card-size-no-feed = No se conocen las liquidaciones: ningún feed da las de { $coin }
card-largest = mayor liquidación individual { $usd }
card-largest-of = mayor liquidación individual { $usd } ({ $coin })
card-prints = { $n ->
    [one] { $n } liquidación
   *[other] { $n } liquidaciones
}
card-throttled = { $venues }: como mucho una liquidación por segundo, moneda y lado, así que el total real es mayor
card-saturated = Límite alcanzado en { $venues }, todos los segundos de algún minuto
card-estimate = Estimación: unos { $low } a { $high } en total
card-estimate-least = Estimación: al menos unos { $low } en total
card-estimate-most = Estimación: hasta unos { $high } en total

# Lo que no se oyó; los huecos como "Bybit 14:02–14:09", y por qué todo total es un mínimo.
unheard-blind = Sin oír las liquidaciones de { $spans } UTC: los totales de { $n ->
    [one] ese rato
   *[other] esos ratos
} se quedan cortos
unheard-span = { $venues } { $from }–{ $to }
unheard-since = { $venues } desde { $from }
unheard-many = { $n } exchanges
unheard-more = { $n } más
unheard-below = Los totales quedan por debajo de los de los agregadores: { $why }
unheard-throttled = { $venues } { $n ->
    [one] muestra
   *[other] muestran
} solo algunas liquidaciones
unheard-none = de { $venues } no se conoce ninguna
unheard-others = no se oyen otros exchanges

# El precio.
card-price-long = { $label } { $reference } → { $extreme } ({ $at } UTC; { $move } desde el máximo de 6 h)
card-price-short = { $label } { $reference } → { $extreme } ({ $at } UTC; { $move } desde el mínimo de 6 h)
card-price-now = último { $price } ({ $now })
card-level-through = atravesó { $price }
card-levels-through = atravesó { $first } y { $second }
card-level-regained-long = atravesó { $price } hasta { $extreme } y de nuevo por encima
card-level-regained-short = atravesó { $price } hasta { $extreme } y de nuevo por debajo
card-level-held-long = { $price } aguantó
card-level-held-short = { $price } aguantó

# Interés abierto, funding, base.
card-open-interest = Interés abierto { $change } en monedas ({ $before } → { $now } en { $venues })
card-open-interest-many = Interés abierto { $change } en monedas ({ $before } → { $now } en los mismos { $n } exchanges)
card-funding = Funding { $rate }
card-funding-paid = Funding { $rate }, último pago { $at } UTC
card-basis = Base { $basis }
card-basis-before = Base { $basis } (antes { $usual })

# El estado anterior.
card-before = { $label }: { $parts }
card-label-price = Precio
card-label-price-of = Precio de { $coin }
card-label-before = Antes
card-label-before-of = { $coin } antes
card-before-high = interés abierto al { $share } de su máximo de { $days ->
    [one] { $days } día
   *[other] { $days } días
}
card-before-funding = funding { $rate } ({ $about })
card-before-crowded-long = largos cargados
card-before-crowded-short = cortos cargados
card-before-not-crowded-long = largos sin cargar
card-before-not-crowded-short = cortos sin cargar
card-before-higher = más alto que en el { $share } de los últimos { $days } días
card-before-lower = más bajo que en el { $share } de los últimos { $days } días

# Quién llevó la delantera.
card-character = { $word }: volumen de la última hora completa { $perp }× lo habitual en perps, { $spot }× en spot
card-character-perp-led = Liderada por perps
card-character-spot-led = Liderada por spot
card-character-mixed = Ni perps ni spot por delante

# Monedas y tramos de una barrida.
card-members = Por moneda (mayor movimiento, liquidado): { $parts }
card-members-untold = Por moneda (mayor movimiento): { $parts }
card-member = { $coin } { $move }, { $usd }
card-member-untold = { $coin } { $move }
card-members-more = { $n } más
card-leg-largest = Tramo { $leg } desde { $at } UTC: { $size }, el mayor
card-leg-smaller = Tramo { $leg } desde { $at } UTC: { $size }; el mayor fue el tramo { $largest } ({ $largest_at } UTC): { $largest_size }
card-leg-usd = { $usd }
card-leg-score = { $score }/100
card-follows = Segunda de este tipo en 72 h: otra terminó { $at } UTC

# Por qué se llama así, quién habló, qué no se sabe.
card-price-only = Solo por precio, así que como mucho BARRIDA
card-above = Frente al nivel que se supera una vez cada 3 días: { $inputs }
card-above-of = Frente al nivel que { $coin } supera una vez cada 3 días: { $inputs }
card-prior = Los niveles son todavía provisionales: se conoce poco de esta moneda
card-prior-of = Los niveles de { $coin } son todavía provisionales: se conoce poco de ella
card-input-l = liquidaciones { $times }×
card-input-p = movimiento del precio { $times }×
card-input-o = caída del interés abierto { $times }×
card-confidence = Confianza { $word } ({ $value })
card-confidence-high = alta
card-confidence-medium = media
card-confidence-low = baja
card-venues = Exchanges en vivo: { $venues }
card-feed-missing = { $venue }: falta { $feed } desde { $since } UTC
card-feeds-more = { $n ->
    [one] falta { $n } feed más
   *[other] faltan { $n } feeds más
}
card-spot = Precio de { $coins } según velas al contado: no se conoce el de ningún perpetuo
card-tracked = { $n ->
    [one] { $n } moneda observada
   *[other] { $n } monedas observadas
}
card-as-of = Datos: { $at } UTC
card-followups-below = seguimientos abajo
card-missing = No se sabe: { $what }
card-missing-liquidations = liquidaciones de { $coins }
card-missing-open-interest = interés abierto
card-missing-funding = funding
card-missing-basis = base
card-missing-before = el estado anterior
card-missing-levels = niveles clave
card-missing-volumes = volumen de perps frente a spot

# Qué tamaño tuvo una barrida terminada entre las anteriores de la misma moneda y clase. $n la cuenta también; $span es
# una de las claves de abajo. Con menos de tres no hay puesto.
standing = { $place }: { $coin }, { $kind }, { $span } ({ $by }, n = { $n })
standing-place-1 = La mayor
standing-place-2 = La segunda mayor
standing-place-3 = La tercera mayor
standing-place-other = N.º { $rank } por tamaño
standing-few = { $n ->
    [one] Primer caso
   *[other] Segundo caso
}: { $coin }, { $kind }, { $span }
standing-days = en { $days } días
standing-followed = en { $days ->
    [one] { $days } día
   *[other] los { $days } días
} de seguimiento
standing-by-usd = por lo liquidado
standing-by-score = por puntuación
standing-by-both = por lo liquidado, { $m } de ellas por puntuación

# El gráfico.
card-chart-title = { $coin }, { $kind }
card-chart-alt = { $coin } desde { $from } hasta { $to } UTC: { $shown }.
card-chart-price = precio de { $reference } a { $extreme } ({ $move }), { $price } al final
card-chart-liquidated = { $usd } liquidados
card-chart-open-interest = interés abierto { $change } en monedas

button-details = Detalles
button-mute = Silenciar 1 h

# Un día de derivados.
card-day-headline = Día de derivados · { $usd } liquidados en 24{"\u202F"}h con { $majors }
card-day-push = Día de derivados · { $usd } liquidados en 24{"\u202F"}h, { $majors }
card-day-coin = { $coin } { $move }
card-day-split = { $share } { $side }
card-day-rank = más que en el { $share } de los { $days } días conocidos
card-day-times = { $times }× el máximo de los { $days } días conocidos
card-day-reading = Por gravedad, { $word } ({ $score } de 100); por carácter, { $character }
card-day-reading-partly = Por gravedad, { $word } ({ $score } de 100 con el { $known } de sus pesos); por carácter, { $character }
card-day-severity = Por gravedad, { $word } ({ $score } de 100)
card-day-severity-partly = Por gravedad, { $word } ({ $score } de 100 con el { $known } de sus pesos)
card-day-leverage = movido por el apalancamiento
card-day-targeted = concentrado ({ $how })
card-day-mixed = ni concentrado ni amplio ({ $how })
card-day-broad = amplio ({ $how })
card-day-board-long = { $moved } de { $coins } monedas cayeron más de lo habitual
card-day-board-short = { $moved } de { $coins } monedas subieron más de lo habitual
card-day-hidden = { $n ->
    [one] { $n } moneda
   *[other] { $n } monedas
} con al menos { $least } del interés abierto liquidado mientras el precio se movió menos de { $still }
card-day-hit = Lo más liquidado frente a su interés abierto: { $hit }
card-day-hit-coin = { $coin } { $share } ({ $move })
card-day-hit-coin-share = { $coin } { $share }
card-day-consistent = Coherente con apalancamiento que se deshace en monedas sueltas, no con ventas de las grandes
card-day-spot = Volumen de { $coin } en la última hora completa: { $perp }× lo habitual en perps, { $spot }× en spot
card-day-no-spot = No había volumen spot con que confirmarlo.
card-day-perp-driven = Coherente con un desapalancamiento llevado por los perps; no había volumen spot con que confirmarlo
card-day-only-price = Confianza baja ({ $confidence }): solo se conocen liquidaciones y precios; OI y funding sin evaluar
card-day-collecting = Liquidaciones de 24 h: reuniendo datos, { $hours } h de 24 · datos: { $at } UTC
card-day-covered = Los feeds de liquidaciones cubren { $hours } de 24 h · datos: { $at } UTC
