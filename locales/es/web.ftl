# La página en el navegador: sus propias palabras y lo que su servidor rechaza. Las frases `web-…` no llevan valores.

web-title = Flushwatch · alertas de barridas
web-description = Un canal de chat que vigila los futuros perpetuos de criptomonedas, avisa cuando se barre el apalancamiento y vuelve para contar qué pasó después.
web-noscript = Esta página necesita JavaScript: las publicaciones llegan mientras lees.
web-channel = alertas
web-skip = Ir a las publicaciones
web-language = Idioma
web-role = Eres
web-member = miembro
web-admin = admin
web-role-hint = Los administradores pueden cambiar lo que se publica. En esta página puedes ser ambas cosas.
web-connecting = Conectando
web-reconnecting = Reconectando

# El reproductor.
web-player = La transmisión
web-clock = Reloj de la transmisión (UTC)
web-live = en vivo
web-progress = Avance de la transmisión
web-play = Reproducir
web-pause = Pausar
web-speed = Velocidad
web-speed-max = máx.
web-jump = Siguiente evento
web-restart = Repetir
web-next-due = Próximo seguimiento
web-nothing-due = ninguno pendiente
web-finished = La transmisión ha terminado.

# Publicaciones.
web-feed = Publicaciones
web-app = APP
web-you = tú
web-edited = editado
web-silent = enviado sin sonido
web-private = Solo tú puedes ver esto
web-details = Detrás de estas cifras
web-followups = Seguimientos
web-new-posts = Publicaciones nuevas
web-new-followup = Seguimiento nuevo
web-chart-open = Abrir el gráfico a tamaño completo
web-chart-missing = No se pudo dibujar la imagen. Mostraría:

# El cuadro de comandos.
web-box = Comando
web-box-hint = Escribe / para ver los comandos
web-send = Enviar
web-admins-only = admins

# Junto a las publicaciones.
web-bands = ¿Qué tamaño tuvo?
web-band-watch = Vigilancia: algo empezó
web-band-flush = Barrida: se cierra apalancamiento
web-band-severe = Severa: rara en esta moneda
web-band-extreme = Extrema: de las mayores
web-band-day = Día dominado por derivados
web-band-note = Medido frente al historial de cada moneda, no en dólares.
web-ask = Qué puedes preguntar

# Antes de la primera publicación.
web-empty-title = Aún no se ha barrido nada
web-empty-text = Cuando se cierran posiciones por la fuerza, aparece aquí una tarjeta. Se edita mientras la barrida crece y una vez más cuando termina. En su hilo siguen las comprobaciones de lo que vino después: a los 15 minutos y a las 1, 4, 24, 48 y 72 horas.
web-empty-live = Puedes preguntar en cualquier momento:
web-empty-play = Pulsa reproducir y espera, o salta al siguiente evento. Puedes preguntar en cualquier momento:

# Rechazos y percances.
error-live-market = Este es el mercado en vivo: no tiene pausa, velocidad ni final. Lo dicho queda aquí; se puede preguntar en cualquier momento.
error-unreadable = No pude leer lo que envió la página. Volver a cargarla puede ayudar.
