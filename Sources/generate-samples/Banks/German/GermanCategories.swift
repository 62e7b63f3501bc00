/// German products, parts, uses, delights and problems by category.
enum GermanCategories {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = home
        @product: f:Kuscheldecke, m:Vorhang, n:Kopfkissen, f:Tischlampe, m:Teppich, f:Badematte
        @part: m:Stoff, f:Naht, f:Farbe, f:Füllung
        @use: unser Schlafzimmer, das Gästezimmer, die erste Wohnung meiner Tochter
        @delight
        auch nach vielen Wäschen verliert man keinen Faden
        die Farbe passt genau zur Wand
        man schläft damit wie auf Wolken
        @problem
        überall liegen Fusseln
        nach der ersten Wäsche ist alles eingelaufen
        es riecht auch nach Tagen noch nach Chemie
        = apparel
        @product: f:Regenjacke, f:Jeans, m:Pullover, n:Sommerkleid, n:Hemd, m:Bademantel
        @part: m:Reißverschluss, m:Kragen, m:Bund, f:Tasche
        @use: die Arbeit, eine Hochzeit, den Winterurlaub
        @delight
        der Schnitt sitzt wie angegossen
        der Stoff ist weicher als auf dem Bild
        nach zehn Wäschen ist die Form noch da
        @problem
        alles fällt zwei Nummern zu klein aus
        die Naht ging nach einer Wäsche auf
        die Farbe färbt auf die Haut ab
        = wireless
        @product: f:Handyhülle, m:Kopfhörer, n:Ladekabel, f:Powerbank, f:Handyhalterung,
        n:Ladegerät
        @part: m:Stecker, m:Akku, f:Taste, m:Magnet
        @use: den Weg zur Arbeit, das Auto, das Diensthandy
        @delight
        das Handy hat einen Sturz auf Beton überlebt
        die Verbindung steht sofort
        eine Ladung reicht für drei Tage
        @problem
        geladen wird nur in einem bestimmten Winkel
        nach zehn Minuten wird alles heiß
        am Telefon versteht mich keiner
        = beauty
        @product: f:Gesichtscreme, f:Wimperntusche, m:Lippenstift, f:Haarkur, m:Lockenstab, n:Serum
        @part: m:Duft, m:Spender, m:Farbton, f:Textur
        @use: meine trockene Haut, jeden Tag, empfindliche Haut
        @delight
        die Haut bleibt bis abends weich
        nach zwölf Stunden sitzt noch alles
        eine winzige Menge reicht
        @problem
        abends war mein Gesicht rot und juckte
        mittags bröckelt schon alles
        der Spender klemmt bei halber Füllung
        = drugstore
        @product: f:Kniebandage, n:Wärmekissen, n:Fieberthermometer, m:Kräutertee, f:Pillendose
        @part: m:Geschmack, m:Verschluss, n:Klettband, f:Anzeige
        @use: meine Knie, lange Flüge, die Heuschnupfenzeit
        @delight
        nach einer Woche habe ich den Unterschied gemerkt
        Treppen gehen wieder ohne Schmerzen
        es gibt keinen Nachgeschmack
        @problem
        mir wurde jedes Mal schlecht davon
        nach einer ganzen Packung merke ich nichts
        das Siegel war schon offen
        = kitchen
        @product: f:Pfanne, m:Wasserkocher, m:Mixer, n:Messer, n:Schneidebrett, f:Küchenwaage
        @part: m:Deckel, m:Griff, f:Beschichtung, m:Boden
        @use: das Frühstück, unsere kleine Küche, die Weihnachtsbäckerei
        @delight
        Spiegeleier rutschen von allein heraus
        mit einmal Abspülen ist alles sauber
        die Hitze verteilt sich bis zum Rand
        @problem
        die Beschichtung löst sich ab
        nach einem Gang in der Spülmaschine war Rost da
        unten läuft Wasser heraus
        = toy
        @product: n:Puzzle, f:Holzeisenbahn, m:Plüschbär, n:Brettspiel, f:Spielküche, n:Bastelset
        @part: f:Fernbedienung, f:Anleitung, n:Rad, f:Farbe
        @use: den Geburtstag meines Enkels, verregnete Tage, die Kita
        @delight
        die Kinder waren einen ganzen Nachmittag beschäftigt
        mein Enkel nimmt es mit ins Bett
        alles ist glatt und ohne scharfe Kanten
        @problem
        die Hälfte der Teile fehlte
        am ersten Morgen war ein Rad ab
        nach zehn Minuten war das Interesse weg
        = other
        @product: f:Girlande, m:Wandkalender, n:Banner, m:Schlüsselanhänger, n:Ballonset
        @part: m:Druck, f:Schnur, m:Kleber, f:Kante
        @use: die Betriebsfeier, eine Gartenparty
        @delight
        der ganze Raum sah festlich aus
        alle haben davor Fotos gemacht
        @problem
        der Kleber hielt keine Stunde
        zwei Buchstaben fehlten
        = sports
        @product: f:Yogamatte, f:Trinkflasche, m:Schlafsack, n:Springseil, f:Schwimmbrille, n:Zelt
        @part: m:Griff, m:Reißverschluss, m:Gurt, n:Ventil
        @use: meine Laufrunde, den Campingurlaub, das Training zu Hause
        @delight
        auch mit nassen Händen rutscht nichts
        wir blieben im Gewitter trocken
        eine Stunde Schwimmen ohne Beschlagen
        @problem
        mitten in der Übung ist es gerissen
        in der ersten Nacht klemmte der Reißverschluss
        der ganze Rucksack war nass
        = automotive
        @product: f:Fußmatte, f:Dashcam, m:Kompressor, m:Sitzbezug, f:Starthilfe
        @part: m:Saugnapf, f:Halterung, n:Kabel, n:Gummi
        @use: meinen alten Kombi, lange Strecken, den Winter
        @delight
        die Montage hat zehn Minuten gedauert
        es passt wie das Originalteil
        im stärksten Regen bleibt die Sicht klar
        @problem
        laut Liste passend, in echt nicht
        bei Wärme fällt alles ab
        nach einem Monat leuchtet nichts mehr
        = lawn_and_garden
        @product: m:Gartenschlauch, f:Solarleuchte, f:Gießkanne, f:Astschere, m:Sonnenschirm
        @part: m:Anschluss, f:Düse, f:Feder, m:Griff
        @use: die Tomaten, unsere Terrasse, den Vorgarten
        @delight
        das Licht bleibt bis zum Morgen an
        dicke Äste gehen durch wie Butter
        @problem
        am Anschluss tropft es dauernd
        nach dem ersten Regen ging nichts mehr
        = home_improvement
        @product: m:Wasserhahn, n:Türschloss, f:Deckenlampe, m:Duschkopf, n:Bohrerset
        @part: f:Dichtung, f:Schraube, m:Schlauch, n:Gewinde
        @use: das Gästebad, die Renovierung, die Mietwohnung
        @delight
        nach einer Viertelstunde hing alles an der Wand
        der Wasserdruck hat sich verdoppelt
        @problem
        es tropft seit dem ersten Tag
        die Schrauben drehen durch
        = pet_products
        @product: n:Hundebett, m:Kratzbaum, f:Leine, m:Trinkbrunnen, f:Katzenmatte
        @part: f:Schnalle, f:Pumpe, f:Füllung, m:Boden
        @use: unseren Labrador, zwei Katzen, den neuen Welpen
        @delight
        die Katze lag nach einer Minute darauf
        der Hund zieht kaum noch
        @problem
        nach zehn Minuten lag die Füllung im Flur
        die Katzen machen einen Bogen darum
        = digital_ebook_purchase
        @consumed
        yes
        @product: m:Krimi, m:Liebesroman, n:Kochbuch, m:Thriller
        @part: n:Ende, f:Handlung, f:Sprache, n:Tempo
        @use: den Urlaub, die Bahnfahrt, meinen Lesekreis
        @delight
        ich habe bis drei Uhr nachts gelesen
        die Wendung habe ich nicht kommen sehen
        @problem
        auf jeder zweiten Seite steht ein Tippfehler
        bei Kapitel vier habe ich aufgegeben
        = pc
        @product: f:Tastatur, f:Maus, f:Festplatte, f:Webcam, m:Router
        @part: f:Taste, n:Mausrad, m:Anschluss, m:Treiber
        @use: das Homeoffice, meinen Spiele-PC
        @delight
        eingesteckt und sofort erkannt
        man hört praktisch nichts
        @problem
        alle paar Minuten bricht die Verbindung ab
        das Mausrad springt rückwärts
        = electronics
        @product: m:Lautsprecher, m:Wecker, f:Fernbedienung, m:Beamer, n:Radio
        @part: m:Akku, n:Display, m:Bass, m:Drehknopf
        @use: die Küche, das Wohnzimmer, die Werkstatt
        @delight
        der Klang füllt das ganze Erdgeschoss
        eine Ladung hält das ganze Wochenende
        @problem
        nach vierzig Minuten ist der Akku leer
        es rauscht bei jeder Lautstärke
        = office_product
        @product: m:Locher, m:Aktenvernichter, m:Kalender, n:Etikettiergerät, n:Stifteset
        @part: f:Tinte, n:Papier, f:Feder, m:Kleber
        @use: mein Klassenzimmer, die Steuererklärung
        @delight
        die Tinte läuft weich und schmiert nicht
        endlich ist der Schreibtisch frei
        @problem
        die Hälfte der Stifte war eingetrocknet
        beim dritten Blatt gibt es Stau
        = shoes
        @product: m:Laufschuh, m:Wanderstiefel, f:Sandale, m:Hausschuh
        @part: f:Sohle, f:Ferse, f:Einlage, f:Naht
        @use: lange Schichten, den Hund, die Berge
        @delight
        zwölf Kilometer am ersten Tag ohne Blase
        nach der Schicht tut nichts mehr weh
        @problem
        die Sohle hat sich abgelöst
        die Ferse ist wund gescheuert
        = personal_care_appliances
        @product: m:Rasierer, m:Föhn, n:Massagegerät, m:Bartschneider
        @part: f:Klinge, m:Motor, n:Kabel, m:Schalter
        @use: meinen Bart, die Reise, verspannte Schultern
        @delight
        die Haare sind in vier Minuten trocken
        keine Rötung und kein Schnitt
        @problem
        es ziept mehr, als es schneidet
        der Motor riecht verbrannt
        = baby_product
        @product: f:Babytrage, m:Hochstuhl, m:Flaschenwärmer, f:Wickeltasche
        @part: m:Gurt, m:Deckel, n:Tablett, m:Druckknopf
        @use: unser Neugeborenes, die Zwillinge, die Nacht
        @delight
        das Baby schlief fünf Stunden am Stück
        alles geht mit einer Hand
        @problem
        die Milch lief in die Tasche
        innen war nach zwei Wochen Schimmel
        = book
        @product: n:Bilderbuch, m:Roman, n:Arbeitsheft, f:Biografie
        @part: f:Bindung, n:Papier, f:Schrift, n:Register
        @use: meine Enkelin, die Prüfung, lange Abende
        @delight
        meine Enkelin will es jeden Abend hören
        an einem Tag ausgelesen
        @problem
        beim Aufschlagen fielen Seiten heraus
        ein Kapitel war doppelt gedruckt
        = furniture
        @product: n:Bücherregal, m:Bürostuhl, m:Couchtisch, m:Schuhschrank
        @part: n:Bein, f:Schublade, f:Lehne, n:Furnier
        @use: das Arbeitszimmer, den Flur
        @delight
        alle Löcher haben gepasst
        nach acht Stunden Sitzen tut der Rücken nicht weh
        @problem
        ein Bein ist kürzer als die anderen
        beim Aufbau ist das Furnier gesplittert
        = grocery
        @consumed
        yes
        @product: m:Kaffee, m:Tee, m:Honig, n:Olivenöl
        @part: m:Geschmack, f:Tüte, m:Deckel, f:Süße
        @use: das Büro, einen Geschenkkorb
        @delight
        nach zwei Tagen war alles leer
        schmeckt wie früher bei Oma
        @problem
        schon beim Öffnen war es muffig
        das Glas war zerbrochen und alles klebte
        = jewelry
        @product: f:Halskette, m:Ring, n:Armband, m:Anhänger
        @part: m:Verschluss, f:Kette, m:Stein, m:Glanz
        @use: unseren Hochzeitstag, jeden Tag
        @delight
        trotz Duschen läuft nichts an
        meine Ohren haben überhaupt nicht reagiert
        @problem
        der Finger wurde grün
        der Stein fiel am selben Abend heraus
        = watch
        @product: f:Armbanduhr, f:Sportuhr, n:Uhrenarmband
        @part: n:Armband, n:Zifferblatt, f:Schließe, f:Krone
        @use: das Büro, das Laufen
        @delight
        seit März keine Sekunde daneben
        auch im Dunkeln kann ich die Zeit lesen
        @problem
        jeden Tag geht sie zehn Minuten vor
        nach dem Händewaschen war das Glas beschlagen
        = luggage
        @product: m:Koffer, m:Rucksack, f:Reisetasche
        @part: m:Reißverschluss, n:Rad, m:Griff, n:Futter
        @use: zwei Wochen Urlaub, Dienstreisen
        @delight
        Kleidung für zehn Tage ging hinein
        drei Flughäfen und kein Kratzer
        @problem
        ein Rad brach noch im Terminal ab
        der Griff bleibt auf halber Höhe stecken
        = industrial_supplies
        @product: m:Messschieber, f:Schutzweste, n:Rohrstück, m:Filter
        @part: n:Gewinde, f:Skala, f:Beschichtung, f:Dichtung
        @use: die Werkstatt, Lackierarbeiten
        @delight
        die Werte stimmen mit dem geeichten Gerät überein
        auch nach einem Tag im Lösemittel dicht
        @problem
        das Gewinde lässt sich nicht ansetzen
        im Karton fehlten vierzig Stück
        = musical_instruments
        @product: f:Gitarre, f:Ukulele, m:Ständer, n:Stimmgerät
        @part: m:Hals, f:Mechanik, m:Klang, f:Klemme
        @use: den Anfang, die Band
        @delight
        die Stimmung hält den ganzen Abend
        der Klang ist nach einer Woche aufgegangen
        @problem
        nach zwei Liedern ist alles verstimmt
        am dritten Bund schnarrt es
        = camera
        @product: n:Stativ, f:Speicherkarte, f:Kameratasche, f:Überwachungskamera
        @part: m:Kopf, f:Linse, f:App, f:Polsterung
        @use: Vogelfotos, die Einfahrt
        @delight
        nachts erkennt man jedes Kennzeichen
        lange Belichtungen werden endlich scharf
        @problem
        die Bilder eines ganzen Tages waren weg
        jedes Blatt löst Alarm aus
        = video_games
        @product: m:Controller, n:Rennspiel, n:Headset
        @part: m:Stick, f:Grafik, f:Geschichte, n:Mikrofon
        @use: das Wochenende, die Kinder
        @delight
        ein ganzes Wochenende war plötzlich weg
        endlich spielen wir alle zusammen
        @problem
        der Stick wandert von allein
        der Spielstand war gelöscht
        = digital_video_download
        @consumed
        yes
        @product: m:Dokumentarfilm, m:Actionfilm, m:Kinderfilm
        @part: n:Ende, m:Ton, n:Drehbuch, n:Bild
        @use: den Filmabend, einen Tag im Bett
        @delight
        wir klebten bis zum Abspann am Bildschirm
        die Kinder haben ihn dreimal gesehen
        @problem
        nach einer halben Stunde bin ich eingeschlafen
        der Ton passt nicht zu den Lippen
        """
}
