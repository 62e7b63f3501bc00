/// Spanish products, parts, uses, delights and problems by category.
enum SpanishCategories {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = home
        @product: f:manta, f:cortina, f:almohada, f:lámpara de mesa, f:alfombra, f:funda nórdica
        @part: f:tela, f:costura, m:color, m:relleno
        @use: el dormitorio, el cuarto de invitados, el piso de mi hija
        @delight
        tras diez lavados sigue sin un hilo suelto
        el color queda perfecto con la pared
        se duerme como en una nube
        @problem
        suelta pelusa por todas partes
        encogió en el primer lavado
        huele a químico y no se va
        = apparel
        @product: f:chaqueta, m:pantalón, m:jersey, m:vestido, f:camisa, m:albornoz
        @part: f:cremallera, m:cuello, f:cintura, m:bolsillo
        @use: el trabajo, una boda, la nieve
        @delight
        sienta como hecho a medida
        la tela es más suave que en la foto
        mantiene la forma después de diez lavados
        @problem
        talla dos números menos
        la costura se abrió en el primer lavado
        el tinte mancha la piel
        = wireless
        @product: f:funda, m:cable, f:batería externa, m:soporte, m:auricular, m:cargador
        @part: m:conector, f:batería, m:botón, m:imán
        @use: ir al trabajo, el coche, el móvil de la empresa
        @delight
        el móvil sobrevivió a una caída contra el suelo
        se conecta al instante
        una carga dura tres días
        @problem
        solo carga en cierto ángulo
        se calienta a los diez minutos
        nadie me oye al hablar
        = beauty
        @product: f:crema, f:máscara de pestañas, m:pintalabios, f:mascarilla, m:rizador, m:sérum
        @part: m:olor, m:dosificador, m:tono, f:textura
        @use: mi piel seca, el día a día, piel sensible
        @delight
        la piel sigue suave por la noche
        aguanta doce horas sin moverse
        con una gota basta
        @problem
        por la noche tenía la cara roja
        a mediodía ya se cuartea
        el dosificador se atasca a la mitad
        = drugstore
        @product: f:rodillera, f:manta eléctrica, m:termómetro, f:infusión, m:pastillero
        @part: m:sabor, m:tapón, f:correa, f:dosis
        @use: mis rodillas, vuelos largos, la época de alergia
        @delight
        noté la diferencia en una semana
        vuelvo a subir escaleras sin dolor
        no deja regusto
        @problem
        me sentó mal al estómago todas las veces
        un bote entero y ningún cambio
        el precinto venía abierto
        = kitchen
        @product: f:sartén, m:hervidor, f:batidora, m:cuchillo, f:tabla de cortar, f:báscula
        @part: f:tapa, m:mango, m:recubrimiento, f:base
        @use: el desayuno, mi cocina pequeña, hacer repostería
        @delight
        los huevos resbalan solos
        se limpia con una pasada
        el calor llega igual hasta el borde
        @problem
        el recubrimiento se cae a trozos
        salió óxido tras un lavado
        pierde agua por abajo
        = toy
        @product: m:puzle, m:tren de madera, m:peluche, m:juego de mesa, f:cocinita,
        m:juego de ciencia
        @part: m:mando, f:rueda, f:pintura, f:caja
        @use: el cumpleaños de mi nieto, los días de lluvia, el cole
        @delight
        los niños pasaron toda la tarde jugando
        mi nieto duerme con él
        todo es liso y sin bordes que corten
        @problem
        faltaba la mitad de las piezas
        una rueda se salió la primera mañana
        a los diez minutos ya no le interesaba a nadie
        = other
        @product: f:guirnalda, m:calendario, f:pancarta, m:llavero, m:juego de globos
        @part: f:impresión, f:cuerda, m:pegamento, m:borde
        @use: la fiesta de la oficina, un cumpleaños
        @delight
        el salón quedó precioso
        todos se hicieron fotos delante
        @problem
        el pegamento no aguantó ni una hora
        faltaban dos letras
        = sports
        @product: f:esterilla, f:botella, m:saco de dormir, f:comba, f:tienda, m:gorro de natación
        @part: m:agarre, f:cremallera, f:correa, f:válvula
        @use: salir a correr, acampar, entrenar en casa
        @delight
        no resbala ni con las manos mojadas
        pasamos la tormenta en seco
        aguantó toda la temporada
        @problem
        se partió en mitad del ejercicio
        la cremallera se atascó la primera noche
        me empapó toda la mochila
        = automotive
        @product: f:alfombrilla, f:cámara de coche, m:compresor, f:funda de asiento,
        m:limpiaparabrisas
        @part: f:ventosa, m:soporte, m:cable, f:goma
        @use: mi coche viejo, viajes largos, el invierno
        @delight
        se monta en diez minutos
        encaja como la pieza original
        con lluvia fuerte se ve perfecto
        @problem
        decía compatible y no lo es
        con el calor se cae
        al mes dejó de encender
        = lawn_and_garden
        @product: f:manguera, f:luz solar, f:regadera, f:tijera de podar, f:sombrilla
        @part: f:conexión, f:boquilla, m:muelle, m:mango
        @use: los tomates, la terraza, el jardín
        @delight
        da luz hasta el amanecer
        corta ramas gruesas como si nada
        @problem
        la conexión gotea sin parar
        tras la primera lluvia se acabó
        = home_improvement
        @product: m:grifo, f:cerradura, m:plafón, f:alcachofa de ducha, m:juego de brocas
        @part: f:junta, m:tornillo, m:latiguillo, f:rosca
        @use: el baño, la reforma, el piso de alquiler
        @delight
        en un cuarto de hora estaba puesto
        la presión se ha doblado
        @problem
        gotea desde el primer día
        los tornillos se pasan de rosca
        = pet_products
        @product: f:cama de perro, m:rascador, f:correa, f:fuente de agua, m:arnés
        @part: f:hebilla, f:bomba, m:relleno, f:base
        @use: nuestro labrador, dos gatos, el cachorro
        @delight
        el gato se tumbó encima al minuto
        el perro casi no tira
        @problem
        a los diez minutos el relleno estaba por el pasillo
        los gatos ni se acercan
        = digital_ebook_purchase
        @consumed
        yes
        @product: f:novela policíaca, f:novela romántica, m:libro de cocina, m:relato
        @part: m:final, f:trama, m:estilo, m:ritmo
        @use: las vacaciones, el tren, el club de lectura
        @delight
        leí hasta las tres de la mañana
        no vi venir el giro
        @problem
        hay una errata cada dos páginas
        lo dejé en el capítulo cuatro
        = pc
        @product: m:teclado, m:ratón, m:disco externo, f:cámara web, m:router
        @part: f:tecla, f:rueda, m:puerto, m:controlador
        @use: teletrabajar, jugar
        @delight
        enchufar y listo
        apenas se oye
        @problem
        se desconecta cada cinco minutos
        la rueda salta hacia atrás
        = electronics
        @product: m:altavoz, m:despertador, m:mando universal, m:proyector, f:radio
        @part: f:batería, f:pantalla, m:bajo, m:botón
        @use: la cocina, el salón, el taller
        @delight
        el sonido llena toda la planta baja
        una carga aguanta el fin de semana
        @problem
        la batería se agota en cuarenta minutos
        zumba a cualquier volumen
        = office_product
        @product: f:grapadora, f:destructora, f:agenda, f:etiquetadora, m:juego de bolígrafos
        @part: f:tinta, m:papel, m:muelle, m:pegamento
        @use: mi clase, la declaración
        @delight
        la tinta corre y no mancha
        por fin tengo la mesa ordenada
        @problem
        la mitad de los bolígrafos venían secos
        se atasca con la tercera hoja
        = shoes
        @product: f:zapatilla, f:bota, f:sandalia, m:zapato
        @part: f:suela, m:talón, m:cordón, f:plantilla
        @use: jornadas de pie, el monte, pasear al perro
        @delight
        doce kilómetros el primer día sin ampollas
        ya no me duelen los pies por la noche
        @problem
        la suela se despegó
        me dejó el talón en carne viva
        = personal_care_appliances
        @product: f:afeitadora, m:secador, f:recortadora, m:masajeador
        @part: f:cuchilla, m:motor, m:cable, m:interruptor
        @use: mi barba, viajar, mis hombros
        @delight
        el pelo se seca en cuatro minutos
        ni irritación ni cortes
        @problem
        tira del pelo en vez de cortar
        el motor huele a quemado
        = baby_product
        @product: f:mochila portabebés, f:trona, m:calientabiberones, m:bolso de paseo
        @part: f:correa, f:tapa, f:bandeja, m:broche
        @use: nuestro recién nacido, los gemelos, la noche
        @delight
        el bebé durmió cinco horas seguidas
        se maneja con una mano
        @problem
        la leche se salió en el bolso
        a las dos semanas tenía moho
        = book
        @product: m:cuento ilustrado, f:novela, m:cuaderno, f:biografía
        @part: f:encuadernación, m:papel, f:letra, m:índice
        @use: mi nieta, un examen, las noches de invierno
        @delight
        mi nieta lo pide cada noche
        leído en un día
        @problem
        al abrirlo se cayeron hojas
        un capítulo viene impreso dos veces
        = furniture
        @product: f:estantería, f:silla de oficina, f:mesa de centro, m:zapatero
        @part: f:pata, m:cajón, m:respaldo, m:chapado
        @use: el despacho, la entrada
        @delight
        todos los agujeros coincidían
        ocho horas sentado y la espalda bien
        @problem
        una pata es más corta que las demás
        el chapado se astilló al montarlo
        = grocery
        @consumed
        yes
        @product: m:café, m:té, f:miel, m:aceite
        @part: m:sabor, f:bolsa, f:tapa, m:dulzor
        @use: la oficina, una cesta de regalo
        @delight
        en dos días no quedaba nada
        sabe como el de mi abuela
        @problem
        venía rancio desde que lo abrí
        el tarro llegó roto y todo pegajoso
        = jewelry
        @product: m:collar, m:anillo, f:pulsera, m:colgante
        @part: m:cierre, f:cadena, f:piedra, m:brillo
        @use: nuestro aniversario, diario
        @delight
        ni en la ducha pierde color
        mis orejas no han reaccionado
        @problem
        el dedo se me puso verde
        la piedra se cayó esa misma noche
        = watch
        @product: m:reloj, m:reloj deportivo, f:correa de reloj
        @part: f:correa, f:esfera, m:cierre, f:corona
        @use: la oficina, correr
        @delight
        ni un segundo de diferencia desde marzo
        se lee la hora a oscuras
        @problem
        se adelanta diez minutos al día
        se empañó al lavarme las manos
        = luggage
        @product: f:maleta, f:mochila, m:bolso de viaje
        @part: f:cremallera, f:rueda, f:asa, m:forro
        @use: dos semanas fuera, viajes de trabajo
        @delight
        cupo ropa para diez días
        tres aeropuertos y ni un arañazo
        @problem
        una rueda se rompió antes de salir de la terminal
        el asa se queda a medias
        = industrial_supplies
        @product: m:calibre, m:chaleco, m:racor, m:filtro
        @part: f:rosca, f:escala, m:revestimiento, f:junta
        @use: el taller, pintar
        @delight
        mide igual que el aparato calibrado
        aguanta un día entero en disolvente
        @problem
        la rosca no entra
        faltaban cuarenta piezas en la caja
        = musical_instruments
        @product: f:guitarra, m:ukelele, m:soporte de teclado, m:afinador
        @part: m:mástil, f:cuerda, m:sonido, f:pinza
        @use: empezar, el grupo
        @delight
        mantiene la afinación toda la noche
        el sonido se abrió en una semana
        @problem
        a las dos canciones está desafinado
        trastea en el tercer traste
        = camera
        @product: m:trípode, f:tarjeta de memoria, f:bolsa de fotos, f:cámara de vigilancia
        @part: f:rótula, f:lente, f:aplicación, m:acolchado
        @use: fotos de aves, la entrada
        @delight
        de noche se leen las matrículas
        las exposiciones largas salen nítidas
        @problem
        perdí las fotos de todo un día
        salta con cada hoja
        = video_games
        @product: m:mando, m:juego de carreras, m:auricular
        @part: m:joystick, m:gráfico, f:historia, m:micrófono
        @use: el fin de semana, los niños
        @delight
        se me fue un fin de semana entero
        por fin jugamos todos juntos
        @problem
        el joystick se va solo
        se borró la partida
        = digital_video_download
        @consumed
        yes
        @product: m:documental, f:película de acción, f:película infantil
        @part: m:final, m:sonido, m:guion, f:imagen
        @use: la noche de cine, un día de cama
        @delight
        no despegamos los ojos hasta los créditos
        los niños la vieron tres veces
        @problem
        me dormí a la media hora
        el sonido no cuadra con los labios
        """
}
