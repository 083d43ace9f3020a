# Lo que no se puede hacer, y lo que se puede hacer en su lugar.

error-admins-only = Solo quienes administran este canal pueden cambiar las alertas. Pídeselo a una de esas personas o mira los ajustes con /settings.
error-press-needs-manage = Los botones y las listas que cambian alertas son para quienes administran este servidor. Los comandos escritos siguen las reglas del propio servidor: si te lo permite, escribe { $command }
error-which-subcommand = A { $command } le falta una palabra. /help { $command } las enumera.
error-no-command = No se escribió ningún comando. /help enumera lo que puedes preguntar.
error-unknown-command = No conozco { $command }. /help enumera lo que puedes preguntar.
error-unknown-command-near = No conozco { $command }. ¿Querías decir { $near }? /help enumera lo que puedes preguntar.
error-not-a-choice = «{ $given }» no es ninguna de estas opciones: { $choices }.
error-no-value = Detrás de { $setting } no hay ningún valor. { $look } muestra lo que admite.
error-usage = Escríbelo así, por favor: { $usage }

error-no-facts-yet = Aún no tengo datos de mercado. /status dice a qué estoy esperando.
error-unknown-coin = No conozco «{ $given }» entre las { $n } monedas que vigilo.
error-unknown-coin-near-1 = No conozco «{ $given }». ¿Querías decir { $first }?
error-unknown-coin-near-2 = No conozco «{ $given }». ¿Querías decir { $first } o { $second }?
error-unknown-coin-near-3 = No conozco «{ $given }». ¿Querías decir { $first }, { $second } o { $third }?
error-no-funding = Ahora mismo no tengo el funding de { $coin }. Interés abierto: /oi { $coin }
error-no-funding-at-all = No tengo ningún funding de las últimas 24 h. /status dice qué feeds faltan.
error-no-open-interest = No tengo el interés abierto de { $coin }: ningún exchange lo ha dado. Funding: /funding { $coin }
error-no-open-interest-now = Ahora mismo no tengo el interés abierto de { $coin } ({ $silent }). Funding: /funding { $coin }
error-no-open-interest-at-all = No tengo el interés abierto de ninguna moneda. /status dice qué feeds faltan.
error-no-liquidations = No tengo liquidaciones de { $coin } en { $hours } h: ningún feed las dio. Qué feeds se oyen: /status
error-no-movers-oi = Aún no se puede decir ningún cambio del interés abierto: hacen falta 4 horas en los mismos exchanges.
error-no-movers-price = Aún no se puede decir ningún cambio de precio: hacen falta 4 horas de precios.
error-no-levels = Tengo muy pocos precios horarios de { $coin } para calcular niveles. Funding: /funding { $coin }

error-no-flush-yet = Hasta ahora no he guardado ninguna barrida. /status dice desde cuándo vigilo.
error-nothing-kept = Aún no he guardado barridas con las que probar ajustes. /status dice desde cuándo vigilo.
error-kept-too-short = Solo guardo barridas desde hace { $span }. Pregunta otra vez cuando sea un día.
error-no-flush-of-coin = No he guardado ninguna barrida de { $coin }. La última de cualquier moneda: /flush last
error-unknown-episode = No conozco ninguna barrida «{ $given }». La última es { $last }, del { $at } UTC.
error-unknown-episode-of-day = No conozco ninguna barrida «{ $given }». De ese día conozco { $ids }.
error-no-followup-yet = Todavía no se miró nada después de { $id }: los seguimientos llegan entre 15 minutos y 72 horas después de una barrida publicada.
error-no-followup-due = Todavía no se miró nada después de { $id }: el próximo seguimiento toca: { $at } UTC.
error-no-followup-unheard-yet = Todavía no se miró nada después de { $id }: los seguimientos llegan tras una barrida publicada, y por ahora ningún canal la tiene.
error-no-followup-retracted = No se mira nada después de { $id }: se retiró: las velas posteriores no muestran su precio.
error-no-followup-watch = No se mira nada después de { $id }: solo llegó a VIGILANCIA, y ningún canal la tiene.
error-no-followup-unheard = No se mira nada después de { $id }: no se publicó en ningún canal.
error-no-followup-missed = No se miró nada después de { $id }: ningún seguimiento pudo darse a tiempo, y ya no llegará ninguno.
error-followup-to-come = +{ $step } de { $id } todavía no ha llegado, toca: { $at } UTC. Se miró a: { $known }.
error-no-such-followup = No hay +{ $step } de { $id }. Se miró a: { $known }.

error-out-of-range = { $setting } admite de { $low } a { $high }. Escribiste «{ $given }».
error-not-an-amount = { $setting } admite un importe como 500k, 2,5m o 1.000.000. Escribiste «{ $given }».
error-how-many-coins = Un canal puede seguir de 1 a { $limit } monedas.
error-duration = Escribe cuánto tiempo, como 30m, 1h o 2d (como mucho 30 días), u off. Escribiste «{ $given }».

error-internal = Algo falló mientras respondía, y no es culpa tuya. Quedó anotado como { $incident }.
error-store = Ahora no puedo usar mi base de datos, así que no cambió nada. El registro le dice por qué a quien me administra; lo habitual es un disco lleno.
error-too-fast = Son muchos comandos a la vez. Espera { $wait }, por favor.
error-too-long = Un comando tiene { $limit } caracteres como máximo.

error-not-in-range = { $setting } admite de { $low } a { $high }. Escribiste "{ $given }".
error-rights-missing = No puedo publicar en { $channel }: allí necesito { $rights }.
error-channel-unknown = No veo ningún canal "{ $given }". Añádeme allí primero y vuelve a preguntar.
error-channel-not-yours = Solo quienes pueden administrar { $channel } pueden cambiar sus alertas.
error-channel-kind = Las alertas se publican en canales de texto y de anuncios y en hilos. { $channel } es otra cosa.
error-server-only = Las alertas son de un canal de un servidor. Pregúntame allí.
error-button-old = Este botón es de una versión anterior de mí. Escribe el comando, por favor.
error-not-connected = Ahora mismo no tengo conexión. Inténtalo de nuevo en un minuto.
