# Respuestas que reúnen cifras de varias clases: /liqs, /movers, /brief, /digest.

# Una línea cada uno, para /help y los menús de los chats.
command-liqs = Liquidaciones de una moneda en 1, 4 o 24 h, y lo que los feeds callaron
help-how-liqs = Largos y cortos, la mayor liquidación individual, cuántas hubo, una estimación de lo que callan los feeds que solo muestran algunas, y qué no se oyó: /liqs BTC 24h. Sin horas, 1h; sin moneda, BTC.
parameter-hours = 1h, 4h o 24h
button-liqs-1h = 1 h
button-liqs-4h = 4 h
button-liqs-24h = 24 h

command-movers = Mayores cambios de interés abierto o precio, o extremos de funding
help-how-movers = En 4 y 24 h, las 5 que más suben y bajan: interés abierto en monedas con /movers, precios con /movers price. Los 5 funding más altos y más bajos con /movers funding. Entre paréntesis, de cuántos exchanges es la cifra.
parameter-of = oi, price o funding
button-movers-oi = Interés abierto
button-movers-price = Precios
button-movers-funding = Funding

command-brief = Todo sobre una moneda en una tarjeta
help-how-brief = Precio, funding, base, interés abierto, liquidaciones de 24 h, los niveles más cercanos y la última barrida: /brief ETH. Sin moneda, BTC.
button-liqs = Liquidaciones

command-digest = El estado del mercado en una tarjeta
help-how-digest = El mercado de 24 h, las mayores barridas, las que aún se siguen, niveles de BTC y ETH, y el funding y el interés abierto que destacan. /digest weekly toma las barridas de 7 días. Un canal puede recibirlo solo: /alerts set digest daily.
parameter-period = daily o weekly: hasta dónde se cuentan las barridas

# /liqs. $hours es cuánto se mira hacia atrás, $known cuánto de eso se oyó.
liqs-headline = { $coin }, liquidado en { $hours }{"\u202F"}h: largos { $longs }, cortos { $shorts } · { $as_of }
liqs-headline-none = { $coin }: ningún feed dio liquidaciones en { $hours }{"\u202F"}h · { $as_of }
liqs-largest = Mayor liquidación individual { $usd }
liqs-no-prints = Mayor liquidación individual y número: se desconocen, solo se dieron sumas
liqs-collected = Datos de { $known } de { $hours }{"\u202F"}h

# /movers. $coins son "movers-coin", $n de cuántos exchanges es la cifra.
movers-headline-oi = Mayores cambios de interés abierto, en monedas · { $as_of }
movers-headline-price = Mayores cambios de precio · { $as_of }
movers-headline-funding = Funding más alto y más bajo · { $as_of }
movers-up = ▲ { $hours }{"\u202F"}h: { $coins }
movers-down = ▼ { $hours }{"\u202F"}h: { $coins }
movers-highest = ▲ más alto: { $coins }
movers-lowest = ▼ más bajo: { $coins }
movers-coin = { $coin } { $figure } ({ $n })
movers-still = { $hours }{"\u202F"}h: ninguna se movió un 0,1{"\u202F"}% o más
movers-unknown = { $hours }{"\u202F"}h: aún se desconoce
movers-note-oi = Entre paréntesis: cuántos exchanges, los mismos en ambos extremos
movers-note-price = Entre paréntesis: el precio es la mediana de tantos exchanges
movers-note-funding = Entre paréntesis: de cuántos exchanges, ponderado por interés abierto donde se conoce

# /brief. Sus líneas son las de los comandos que dicen más; $rate, $flush y $parts son frases de esas.
brief-headline = { $coin } { $price } · 24{"\u202F"}h { $move } · { $as_of }
brief-headline-no-price = { $coin } · { $as_of }
brief-funding = Funding: { $rate }
brief-basis-usual = base { $basis } (mediana de 7 días { $usual })
brief-oi = Interés abierto { $usd }
brief-liquidated = Liquidado en 24{"\u202F"}h: largos { $longs }, cortos { $shorts }
brief-liquidated-none = Ningún feed dio liquidaciones en 24{"\u202F"}h
brief-flush = Última barrida: { $flush }
brief-no-flush = No se guarda ninguna barrida de esta moneda
brief-missing-price = precio
brief-missing-move = precio de hace 24{"\u202F"}h
brief-missing-changes = cambio del interés abierto
brief-missing-liquidations = liquidaciones

# /digest, y lo mismo publicado solo. $flushes y $parts son frases de esta parte, $n las cuenta todas.
digest-headline-daily = El mercado hoy · { $as_of }
digest-headline-weekly = El mercado ahora, barridas de 7 días · { $as_of }
digest-flushes-daily = { $n ->
    [one] Una barrida en 24{"\u202F"}h: { $flushes }
   *[other] { $n } barridas en 24{"\u202F"}h, la mayor primero: { $flushes }
}
digest-flushes-daily-some = { $n } barridas en 24{"\u202F"}h, las { $shown } mayores: { $flushes }
digest-flushes-weekly = { $n ->
    [one] Una barrida en 7 días: { $flushes }
   *[other] { $n } barridas en 7 días, la mayor primero: { $flushes }
}
digest-flushes-weekly-some = { $n } barridas en 7 días, las { $shown } mayores: { $flushes }
digest-flushes-daily-none = Ninguna barrida en 24{"\u202F"}h, ni se guarda ninguna anterior
digest-flushes-weekly-none = Ninguna barrida en 7 días, ni se guarda ninguna anterior
digest-flushes-daily-none-but = Ninguna barrida en 24{"\u202F"}h; la última: { $flush }
digest-flushes-weekly-none-but = Ninguna barrida en 7 días; la última: { $flush }
digest-flush = { $coin }, { $kind } { $score } ({ $band }), { $usd }, empezó { $at } UTC
digest-flush-none = { $coin }, { $kind } { $score } ({ $band }), ninguna liquidación vista, empezó { $at } UTC
digest-flush-untold = { $coin }, { $kind } { $score } ({ $band }), liquidaciones desconocidas, empezó { $at } UTC
digest-flush-open = { $flush }, abierta, { $as_of }
digest-score = { $peak }/100
digest-score-of = (la más fuerte: { $coin }) { $peak }/100
# $n cuenta días de derivados, $usd se liquidó en las 24 h antes de ver el último.
digest-days = { $n ->
    [one] Día de derivados
   *[other] { $n } días de derivados, el último
} visto el { $at } UTC: { $usd } liquidados en 24{"\u202F"}h
digest-days-untold = { $n ->
    [one] Día de derivados
   *[other] { $n } días de derivados, el último
} visto el { $at } UTC, liquidaciones desconocidas
digest-running = Aún en seguimiento ({ $n }): { $flushes }
digest-running-one = { $coin }, { $kind }, +{ $step } ({ $at } UTC)
digest-price = { $coin } { $price }
digest-price-move = { $coin } { $price } (24{"\u202F"}h { $move })
digest-above = ▲ { $price } ({ $away }), { $source }
digest-below = ▼ { $price } ({ $away }), { $source }
digest-no-price = { $coin }: precio desconocido
digest-funding = Funding: { $parts }
digest-funding-rests = El funding ronda { $neutral } (±{ $within }) en { $n ->
    [one] la única moneda comparada
   *[other] las { $n } monedas comparadas
}
digest-no-funding = Funding: no se conoce el de ninguna moneda
digest-interest = Interés abierto en monedas, 24{"\u202F"}h: { $parts }
digest-interest-still = Interés abierto en monedas, 24{"\u202F"}h: de { $n ->
    [one] { $n } moneda
   *[other] { $n } monedas
} ninguna se movió un 0,1{"\u202F"}% o más
digest-no-interest = Interés abierto, 24{"\u202F"}h: aún no se conoce ningún cambio
digest-up = ▲ { $coins }
digest-down = ▼ { $coins }

# /after. Las filas son las de details.ftl.
parameter-step = 15m, 1h, 4h, 24h, 48h o 72h; sin uno, el más reciente
parameter-part = rules: cómo juzga cada comprobación; sin él, sus cifras
command-after = Qué siguió a una barrida, cada comprobación con sus cifras
help-how-after = El paso más reciente de la última barrida, o /after 2026-01-19-BTC-1 4h. Cada comprobación que tocaba entonces con sus cifras; con rules tras el paso, o con el botón, las reglas con que se juzgó.
after-headline = { $coin }, { $kind } ({ $onset } UTC), +{ $step }: { $reading }
after-headline-early = { $coin }, { $kind } ({ $onset } UTC), +{ $step }
after-as-of = Según lo que se sabía entonces: { $at } UTC · { $id }
after-rules = Reglas
after-figures = Cifras
after-rules-none = Ninguna regla juzgó nada en este paso.
after-rule-interest = Regla del OI: se repone deprisa con la mitad de lo cerrado a +4{"\u202F"}h, el 80{"\u202F"}% a +24{"\u202F"}h o el 95{"\u202F"}% cuando sea; despacio, con menos del 25{"\u202F"}% desde +24{"\u202F"}h; por debajo de −10{"\u202F"}% siguió bajando; una caída de menos del 1,5{"\u202F"}% apenas es movimiento
after-rule-funding-long = Regla del funding: largos cargados por encima de 0,015{"\u202F"}%/8h; se enfrió con el 70{"\u202F"}% de antes o menos, volvió desde el 80{"\u202F"}%; cambió de signo si baja de cero en 0,002{"\u202F"}% durante dos pagos o 4{"\u202F"}h
after-rule-funding-short = Regla del funding: cortos cargados por debajo de −0,002{"\u202F"}%/8h; pagan menos con el 70{"\u202F"}% de antes o menos, volvió desde el 80{"\u202F"}%; cambió de signo si sube de cero en 0,002{"\u202F"}% durante dos pagos o 4{"\u202F"}h
after-rule-levels-long = Regla de los niveles: perdido con un cierre de 15{"\u202F"}min más allá de 0,25 ATR(15{"\u202F"}min) o del 0,1{"\u202F"}%, lo que sea más; recuperado con dos cierres de 1{"\u202F"}h de vuelta; cada uno en el precio indicado, no en cada uno de sus motivos; los tres mejores dentro del movimiento y un 3{"\u202F"}%
after-rule-levels-short = Regla de los niveles: superado con un cierre de 15{"\u202F"}min más allá de 0,25 ATR(15{"\u202F"}min) o del 0,1{"\u202F"}%, lo que sea más; de nuevo por debajo con dos cierres de 1{"\u202F"}h; cada uno en el precio indicado, no en cada uno de sus motivos; los tres mejores dentro del movimiento y un 3{"\u202F"}%
after-button = +{ $step }
