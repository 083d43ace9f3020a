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

# /liqs. $hours es cuánto se mira hacia atrás, $known cuánto de eso se oyó.
liqs-headline = { $coin }, liquidado en { $hours }{"\u202F"}h: largos { $longs }, cortos { $shorts } · { $as_of }
liqs-headline-none = { $coin }: ningún feed dio liquidaciones en { $hours }{"\u202F"}h · { $as_of }
liqs-largest = Mayor liquidación individual { $usd }
liqs-no-prints = Mayor liquidación individual y cuántas: se desconoce, solo se dieron sumas
liqs-estimate-least = Estimación: al menos unos { $low } en total
liqs-collected = Reunidas { $known } de { $hours }{"\u202F"}h

# /movers. $coins son "movers-coin", $n de cuántos exchanges es la cifra.
movers-headline-oi = Interés abierto que más se movió, en monedas · { $as_of }
movers-headline-price = Precios que más se movieron · { $as_of }
movers-headline-funding = Funding más alto y más bajo · { $as_of }
movers-up = ▲ { $hours }{"\u202F"}h: { $coins }
movers-down = ▼ { $hours }{"\u202F"}h: { $coins }
movers-highest = ▲ más alto: { $coins }
movers-lowest = ▼ más bajo: { $coins }
movers-coin = { $coin } { $figure } ({ $n })
movers-still = { $hours }{"\u202F"}h: ninguna se movió un 0,1{"\u202F"}% o más
movers-unknown = { $hours }{"\u202F"}h: aún se desconoce
movers-note-oi = Entre paréntesis: cuántos exchanges, los mismos en ambos extremos
movers-note-price = Entre paréntesis: de cuántos exchanges es la mediana el precio
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
brief-no-flush = No hay guardada ninguna barrida suya
brief-missing-price = precio
brief-missing-move = precio de hace 24{"\u202F"}h
brief-missing-changes = cambio del interés abierto
brief-missing-liquidations = liquidaciones
