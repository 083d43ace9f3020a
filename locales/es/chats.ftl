# Lo que los chats dicen alrededor de un mensaje: permisos como los llama cada plataforma y marcas propias.

# Permisos, como los llaman los ajustes de Discord.
right-view-channel = Ver canal
right-send-messages = Enviar mensajes
right-embed-links = Insertar enlaces
right-attach-files = Adjuntar archivos
right-read-message-history = Leer el historial de mensajes
right-create-public-threads = Crear hilos públicos
right-send-messages-in-threads = Enviar mensajes en hilos

# Permisos en Telegram.
right-member = ser miembro
right-post-messages = publicar mensajes
right-send-text = enviar mensajes de texto
right-send-photos = enviar fotos

# Junto a un mensaje, o en su lugar.
post-repeat = Puede ser una repetición: la primera vez no recibí respuesta.
post-shortened = Abreviado: no cabía entero.
post-topic-gone = El tema que recibía estas alertas ya no existe y por eso se han detenido. /alerts on las reanuda, en otro tema o aquí.
post-topic-closed = El tema que recibía estas alertas está cerrado para mí y por eso se han detenido. Cuando pueda escribir allí, /alerts on en ese tema las reanuda.

# Telegram: las primeras palabras y el perfil del bot.
telegram-start = Observo los futuros perpetuos de cripto, publico cuando se barre el apalancamiento y vuelvo durante tres días para contar qué siguió.
telegram-start-ask = Pregúntame lo que quieras de la lista de comandos, por ejemplo /funding BTC. Para alertas en este chat: /alerts on.
telegram-start-channel = Para alertas en un canal: hazme administrador allí con permiso de publicar y pulsa el botón de abajo o escribe /alerts on @canal.
telegram-pick-channel = Elegir un canal
telegram-elsewhere = { $channel } · { $told }
telegram-topic = tema { $number }
telegram-on-next = /alerts { $channel } show tiene todos los ajustes, /alerts { $channel } status dice si los mensajes llegan.
telegram-off-next = Los ajustes se conservan. /alerts { $channel } on las reanuda.
telegram-state-off = Las alertas están desactivadas: /alerts { $channel } on las inicia.
telegram-description = Barridas de apalancamiento en futuros perpetuos de cripto: qué pasó, cuánto, qué siguió. Datos públicos de muchos exchanges. Describe y no predice.
telegram-short-description = Cuenta cuándo se barre el apalancamiento de los perpetuos de cripto y qué siguió.
