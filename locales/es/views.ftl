# Respuestas que reúnen cifras de varias clases: /liqs, /movers, /brief, /digest.

# Una línea cada uno, para /help y los menús de los chats.
command-liqs = Liquidaciones de una moneda en 1, 4 o 24 h, y lo que los feeds callaron
help-how-liqs = Largos y cortos, la mayor liquidación individual, cuántas hubo, una estimación de lo que callan los feeds que solo muestran algunas, y qué no se oyó: /liqs BTC 24h. Sin horas, 1h; sin moneda, BTC.
parameter-hours = 1h, 4h o 24h
button-liqs-1h = 1 h
button-liqs-4h = 4 h
button-liqs-24h = 24 h

# /liqs. $hours es cuánto se mira hacia atrás, $known cuánto de eso se oyó.
liqs-headline = { $coin }, liquidado en { $hours }{"\u202F"}h: largos { $longs }, cortos { $shorts } · { $as_of }
liqs-headline-none = { $coin }: ningún feed dio liquidaciones en { $hours }{"\u202F"}h · { $as_of }
liqs-largest = Mayor liquidación individual { $usd }
liqs-no-prints = Mayor liquidación individual y cuántas: se desconoce, solo se dieron sumas
liqs-estimate-least = Estimación: al menos unos { $low } en total
liqs-collected = Reunidas { $known } de { $hours }{"\u202F"}h
