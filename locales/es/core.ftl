# Palabras que usan todas las partes: niveles, lados, tipos, unidades, marcas de origen, gráficos.

wording-missing = Todavía no tengo palabras para esto. Mi registro dice qué falta.

# Niveles tal como aparecen en los titulares.
band-watch = VIGILANCIA
band-flush = BARRIDA
band-severe = SEVERA
band-extreme = EXTREMA

# De quién son las posiciones: «barrida de largos», «98 % largos».
side-long = largos
side-short = cortos

kind-long-flush = barrida de largos
kind-short-squeeze = short squeeze
kind-two-sided = barrida por ambos lados
kind-slow-unwind = cierre lento
kind-venue-dislocation = desajuste en un solo exchange

# Unidades; un espacio fino que no se corta mantiene juntas cifra y unidad.
basis-points = { $n }{"\u202F"}pb
span-days = { $n }{"\u202F"}d
span-hours = { $n }{"\u202F"}h
span-minutes = { $n }{"\u202F"}min
span-seconds = { $n }{"\u202F"}s

# Marcas de todo lo que no es en vivo.
origin-simulated = simulado
origin-replay = repetición del { $date }

# Gráficos.
chart-price = Precio
chart-liquidations-long = largos liquidados
chart-liquidations-short = cortos liquidados
chart-liquidations-span = por { $span }
chart-open-interest = Interés abierto, monedas
chart-funding = Funding por 8 h
chart-model = Sombreado: liquidaciones de un modelo
chart-venues = Interés abierto en monedas, cada exchange con su propia escala
chart-heat = Pagado por 8 h, en centésimas de %; gris 1,0: en reposo; rayado: no se sabe
chart-no-data = sin datos
chart-utc = { $date }, UTC
chart-mark-onset = inicio
chart-mark-alert = aviso
chart-mark-peak = pico
chart-mark-end = fin

error-no-channel-here = La línea de comandos no muestra publicaciones: aquí las alertas cuentan como publicadas y se responde una pregunta.

# Con qué fuerza se barrió el mercado en 24 h, en una palabra.
day-word-quiet = tranquilo
day-word-moderate = moderado
day-word-large = grande
day-word-severe = severo
day-word-extreme = extremo
