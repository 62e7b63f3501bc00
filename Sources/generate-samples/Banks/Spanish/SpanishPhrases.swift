/// What Spanish reviews say: openings, opinions from one star to five, endings and titles.
enum SpanishPhrases {
    /// The lists, to be read by ``Bank``.
    static let text = """
        @person: mi marido, mi mujer, mi madre, mi padre, mi hermana, mi hermano, mi hijo, mi hija,
        mi vecino, mi compañera, mi suegra
        @short: dos días, tres días, una semana, diez días, dos semanas, tres semanas, un mes
        @long: cuatro meses, medio año, ocho meses, casi un año, más de un año, dos años,
        todo el verano
        @price: 12, 15, 19, 20, 25, 30, 35, 40, 50, 60
        @day: lunes, martes, jueves, viernes, sábado
        @open
        Compré {este} {product} para {use}.
        Necesitaba {un} {product} para {use}.
        {Person} quería {un} {product} y elegí {este}.
        {Lo} pedí el {day} y [llegó al día siguiente|llegó dos días después|tardó una semana].
        Opinión después de {short} de uso.
        Llevo {long} usándo{lo}.
        ~ El anterior se me rompió después de años.
        Leí muchas opiniones antes de pedir{lo}.
        {Lo} compré en oferta por {price} euros.
        No suelo escribir opiniones.
        Era un regalo para {person}.
        Es mi segunda compra a este vendedor.
        La caja venía [sencilla|enorme|un poco golpeada|bien].
        ~ {Person} tiene uno igual.
        Al principio tenía mis dudas.
        Estuve semanas dudando.
        @neutral
        ~ Elegí el color [negro|gris|azul|verde|blanco].
        ~ Es un poco más [grande|pequeño|ligero|pesado] de lo que pensaba.
        ~ Trae una bolsita.
        ~ Las instrucciones [vienen en cuatro idiomas|son solo dibujos|ocupan una página].
        ~ Todavía no he probado la otra talla.
        Se usa [todos los días|dos veces por semana|los fines de semana].
        {Person} {lo} usa más que yo.
        ~ {Lo} guardamos en [el armario|la entrada|la cocina|el coche].
        Pregunté al vendedor por {part el} {part}.
        El vendedor contestó [el mismo día|a los tres días].
        ~ También hay una versión más [cara|grande|nueva].
        @say1
        Cero estrellas si se pudiera.
        Ni se les ocurra comprar{lo}.
        ~ Dinero tirado a la basura.
        Es una vergüenza.
        ~ Llegó rot{o}.
        No se parece en nada a la foto.
        El vendedor [no contesta|no contesta nunca|se desentiende].
        No funcionó ni una sola vez.
        ~ Me mandaron uno usado.
        {price} euros por esto es un robo.
        Me siento estafada.
        Deberían retirarlo de la venta.
        No sirve para nada.
        ~ {Part el} {part} se rompió el primer día.
        Estoy indignado.
        Las opiniones buenas no pueden ser reales.
        @say2
        Por {price} euros esperaba más.
        ~ {Part el} {part} parece de juguete.
        No {lo} volvería a comprar.
        Más bien decepcionante.
        La descripción promete más de lo que llega.
        El que tenía antes era mejor.
        Lo barato sale caro.
        ~ {Part el} {part} empezó a fallar a {short} de usarlo.
        Devolver{lo} cuesta más que quedárme{lo}.
        No {lo} puedo recomendar del todo.
        Tenía más esperanzas.
        ~ Hay que hacer apaños en {part el} {part} para que aguante.
        La idea es buena, el acabado no.
        ~ En las fotos parecía más resistente.
        Funciona a ratos.
        @say3
        Normalito, sin más.
        Ni fu ni fa.
        Para lo que cuesta, vale.
        Nada del otro mundo.
        Tiene cosas buenas y cosas malas.
        {Part el} {part} está bien, lo demás regular.
        Para un uso ocasional sirve.
        No sé qué pensar.
        Cumple cuando le coges el truco.
        Ni contento ni enfadado.
        A {person} le gusta más que a mí.
        ~ Ya veremos cuánto dura.
        Los hay mejores y los hay peores.
        ~ Cuesta acostumbrarse a {part este} {part}.
        Es {un} {product} como tantos.
        @say4
        En general satisfecho.
        Buena relación calidad-precio.
        {Part el} {part} podría ser algo mejor, por lo demás bien.
        ~ {Part el} {part} está bien hech{part o}.
        Mejor de lo que pensaba.
        Es lo que dice la descripción.
        Le quito una estrella por {part el} {part}.
        {Person} también está a gusto.
        Se usa con facilidad.
        De momento sin problemas.
        Tras unos días de adaptación me gusta bastante.
        Tiene algún detalle mejorable, pero no me arrepiento.
        Por este precio cuesta encontrar algo mejor.
        Me sorprendió para bien {part el} {part}.
        Casi perfecto.
        @say5
        ¡Estoy encantada!
        Vale cada céntimo.
        Ojalá {lo} hubiera comprado antes.
        {Part el} {part} es una maravilla.
        Supera todo lo que esperaba.
        Justo lo que buscaba.
        Ya no puedo vivir sin {este} {product}.
        Lo recomiendo con los ojos cerrados.
        No se puede pedir más.
        {Person} ya quiere uno igual.
        ~ Como nuev{o} después de {long}.
        No le encuentro ni una pega.
        El vendedor, de diez.
        Mi mejor compra del año.
        Me ha resuelto un problema de años.
        @end1
        {Lo} devolví al día siguiente.
        Sigo esperando el reembolso.
        ~ Acabó en la basura.
        Nunca más con este vendedor.
        ~ El de repuesto llegó igual de mal.
        Ahórrense el dinero.
        ~ Duró {short}.
        @end2
        Creo que {lo} voy a devolver.
        ~ Está olvidad{o} en un cajón.
        La próxima vez gastaré algo más.
        Sigo buscando.
        Se {lo} di a {person}.
        Dos estrellas por la rapidez del envío.
        ~ Falló justo después de acabar el plazo de devolución.
        @end3
        Tres estrellas me parece justo.
        Me {lo} quedo, pero no compraré otr{o}.
        Que cada uno decida.
        ~ Como repuesto puede servir.
        Esperaré a ver.
        En oferta, quizás.
        Actualizaré en unos meses.
        @end4
        Volvería a comprar.
        Cuatro estrellas por mi parte.
        Guardo la tienda para otra vez.
        Quizás compre otr{o} para {person}.
        Se queda en casa.
        Gracias por el envío tan rápido.
        Recomendable, con un pequeño pero.
        @end5
        Ya he pedido otr{o} para {person}.
        Vamos por {el} tercer{o} en casa.
        Le daría seis estrellas.
        Matrícula de honor.
        Toda la familia tiene ya {un} {product} igual.
        ~ Si se rompe algún día, compro {este} otra vez.
        ¡Gracias, gracias!
        @frame1
        {problem}. Inaceptable.
        Nada más abrir la caja, {problem}.
        {problem}, y nadie se hace cargo.
        {problem}, ¡y eso el primer día!
        @frame2
        Por desgracia {problem}.
        A {short} de comprarlo, {problem}.
        Es verdad que {delight}, pero {problem}, y eso es lo que cuenta.
        Lo que me molesta: {problem}.
        {problem}. Una pena.
        @frame3
        {delight}, pero {problem}.
        {problem}, aunque por el precio se perdona.
        Por un lado {delight}, por otro {problem}.
        A veces {problem}.
        {problem}. Eso sí, {delight}.
        @frame4
        Único defecto: {problem}, y muy de vez en cuando.
        {delight}, y eso me gusta.
        Al principio {problem}, pero el vendedor lo solucionó.
        Otros dicen: {problem}. En mi caso no.
        Por ahora {delight}.
        @frame5
        ¡{delight}!
        No me lo creía: {delight}.
        Con el anterior, {problem}. Con este, {delight}.
        {delight} y {delight}.
        Después de {long}, {delight} como el primer día.
        @down
        Ahora bien:
        Pero ojo:
        Eso sí,
        @up
        Aun así:
        Punto a favor:
        Dicho esto,
        @short1
        ~ Rot{o} en {short}
        No compren
        ~ Llegó averiad{o}
        Nunca más
        @short2
        Decepción con {part el} {part}
        No es como en la foto
        ~ Demasiado frágil
        Esperaba más por {price} euros
        @short3
        Regular
        Cumple y poco más
        {Product} normal para el precio
        {Part el} {part} bien, lo demás así así
        @short4
        Bien por {price} euros
        Hace lo que debe
        Contento con {part el} {part}
        Buena compra para {use}
        @short5
        Genial, a {person} le encanta
        Ya van dos, una maravilla
        Perfect{o} para {use}
        Ni una pega, bravo
        @title1
        Basura
        No comprar
        Estafa
        ~ Llegó rot{o}
        Dinero tirado
        Vergonzoso
        No funciona
        @title2
        Decepción
        No recomendable
        Esperaba más
        Floj{o}
        Dos estrellas
        ~ Frágil
        Una pena
        @title3
        Regular
        Normal
        Ni fu ni fa
        Tres estrellas
        Aceptable
        Vale para el precio
        Pasable
        @title4
        Contento
        Bien
        Buen producto
        Cuatro estrellas
        Calidad-precio
        Cumple
        Casi perfect{o}
        @title5
        Perfect{o}
        Genial
        Cinco estrellas
        Encantada
        Recomendable cien por cien
        Maravilla
        Excelente
        @title
        {product}
        Mi opinión
        Para {use}
        Después de {short}
        Regalo para {person}
        Primera impresión

        @delight
        el envío fue más rápido de lo prometido
        venía hasta una nota escrita a mano
        se nota que alguien lo ha pensado bien
        ~ el acabado está muy cuidado
        ~ no huele a nada ni hace ruido
        @problem
        el envío tardó tres semanas
        la atención al cliente no responde
        la caja venía ya abierta
        ~ faltaba una pieza en la caja
        ~ las medidas no son las del anuncio
        """
}
