# Por qué se mira un precio: las fuentes de los niveles clave, tal como van detrás de él, "95.000 (número redondo)".

level-previous-day-high = máximo del día anterior
level-previous-day-low = mínimo del día anterior
level-previous-day-open = apertura del día anterior
level-previous-day-close = cierre del día anterior
level-previous-week-high = máximo de la semana pasada
level-previous-week-low = mínimo de la semana pasada
level-previous-week-open = apertura de la semana pasada
level-previous-month-high = máximo del mes pasado
level-previous-month-low = mínimo del mes pasado
level-previous-month-open = apertura del mes pasado
level-day-open = apertura del día
level-week-open = apertura de la semana
level-month-open = apertura del mes
level-day-vwap = VWAP del día
level-day-vwap-above = VWAP del día +1σ
level-day-vwap-below = VWAP del día −1σ
level-round-number = número redondo
level-flush-low = mínimo de una barrida
level-flush-high = máximo de un squeeze
