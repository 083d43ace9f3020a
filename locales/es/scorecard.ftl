# /scorecard: cómo acabaron nuestras propias alertas y lecturas; y la línea de una tarjeta que se apoya en ello.

command-scorecard = Cómo acabaron nuestras alertas y lecturas, junto a momentos al azar
help-how-scorecard = De las alertas de 30 días: falsas alarmas, si el precio fue más allá, qué fue del interés abierto, de los niveles clave y de las casillas, y qué siguió a cada lectura, cada tasa junto a la misma en momentos al azar. /scorecard BTC 90 para una moneda y 90 días (de 7 a 90).

# $which es una de las dos siguientes. $n cuenta las alertas, $retracted las de un precio que estaba mal.
scorecard-headline = Balance de { $which }, { $days } días · { $n ->
    [one] { $n } alerta
   *[other] { $n } alertas
}, { $retracted } { $retracted ->
    [one] retirada
   *[other] retiradas
}
scorecard-coin = { $coin }
scorecard-all = todas las monedas
# Una tasa: $x de $n con su intervalo del 95 % de $low a $high, y la misma en momentos al azar, $y de $m.
scorecard-rate = { $x } de { $n } ({ $low }–{ $high }) · en momentos al azar { $y } de { $m }
scorecard-rate-few = { $x } de { $n }, muy pocas ({ $low }–{ $high }) · en momentos al azar { $y } de { $m }
# $rate es "scorecard-rate". $which nombra moneda y clase, o es "scorecard-others".
scorecard-kind = { $which }, más allá en 24{"\u202F"}h: { $rate }
scorecard-of-kind = { $coin }, { $kind }
scorecard-others = las demás
scorecard-false-alarms = Falsas alarmas: { $rate }
scorecard-false-alarms-unknown = Falsas alarmas: sin juzgar, porque no se conocía el interés abierto
scorecard-lighter = Menos interés abierto que antes, 24{"\u202F"}h después: { $rate }
scorecard-lost = Mejor nivel perdido, 72{"\u202F"}h después: { $rate }
scorecard-prices = Precio tras { $which }, mediana de { $n }: { $parts }
scorecard-price = { $hours }{"\u202F"}h { $found } (al azar { $random })
# $parts son "scorecard-box".
scorecard-boxes = Primera casilla que se dio en 72{"\u202F"}h: { $parts }
scorecard-box = { $box } { $x } de { $n } (al azar { $y } de { $m })
scorecard-box-reload = recarga
scorecard-box-propped = sostenido
scorecard-box-support = soporte
scorecard-box-none = ninguna
# Se cuentan lecturas, de las que una alerta tiene varias.
scorecard-cleared = Lecturas de limpieza, cada una contada, más allá en 24{"\u202F"}h: { $rate }
scorecard-not-cleared = Lecturas de recarga o desmontaje, cada una contada, más allá en 24{"\u202F"}h: { $rate }
scorecard-none = No se publicó ninguna alerta en estos días: no hay nada que contar.
scorecard-few = Alertas juzgadas en todos los plazos: { $n }, menos de { $least }: muy pocas para decir nada. { scorecard-note }
scorecard-note = Más allá: más de un 0,5{"\u202F"}% tras el extremo que había en la alerta o lectura. Al azar: { $moments } momentos por alerta, de los 11 días anteriores, fuera de barridas. Describe, no dice lo que viene.

# La línea de una tarjeta. Hubo antes $n alertas de la clase.
card-base = Tras { $n } barridas así de { $which }: más allá en 24{"\u202F"}h { $x } de { $n } ({ $low }–{ $high }) · en momentos al azar { $y } de { $m }
