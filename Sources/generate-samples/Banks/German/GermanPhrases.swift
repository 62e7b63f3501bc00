/// What German reviews say: openings, opinions from one star to five, endings and titles.
enum GermanPhrases {
    /// The lists, to be read by ``Bank``.
    static let text = """
        @person: mein Mann, meine Frau, meine Mutter, mein Vater, meine Schwester, mein Bruder,
        mein Sohn, meine Tochter, mein Nachbar, meine Kollegin, meine Schwiegermutter
        @whom: meinen Mann, meine Frau, meine Mutter, meinen Vater, meine Schwester, meinen Bruder,
        meinen Sohn, meine Tochter, meine Kollegin, einen Freund
        @short: zwei Tagen, drei Tagen, einer Woche, zehn Tagen, zwei Wochen, drei Wochen,
        einem Monat, ein paar Mal Benutzen
        @long: vier Monaten, einem halben Jahr, acht Monaten, fast einem Jahr, über einem Jahr,
        zwei Jahren
        @price: 12, 15, 19, 20, 25, 30, 35, 40, 50, 60
        @day: Montag, Dienstag, Donnerstag, Freitag, Samstag
        @open
        Habe {den} {product} für {use} gekauft.
        {Den} {product} habe ich für {whom} bestellt.
        {Person} hat sich {diesen} {product} gewünscht.
        Am {day} bestellt, [am nächsten Tag da|zwei Tage später geliefert|erst nach einer Woche da].
        Nach {short} nun mein Fazit.
        Nach {long} schreibe ich jetzt auch etwas dazu.
        ~ Vorher hatte ich ein anderes Modell, das nach Jahren den Geist aufgegeben hat.
        Ich habe vorher viele Bewertungen gelesen.
        Im Angebot für {price} Euro gekauft.
        Eigentlich schreibe ich keine Bewertungen.
        Lange gesucht und dann {diesen} {product} genommen.
        War ein Geschenk für {whom}.
        Das ist schon mein zweiter Kauf bei diesem Händler.
        Die Verpackung war [schlicht|riesig|etwas eingedrückt|in Ordnung].
        ~ {Person} hat das Gleiche zu Hause.
        Ich war erst skeptisch.
        @neutral
        ~ Ich habe die Ausführung in [Schwarz|Grau|Blau|Grün|Weiß] genommen.
        ~ Etwas [größer|kleiner|leichter|schwerer] als gedacht.
        ~ Eine kleine Tasche liegt auch dabei.
        ~ Die Anleitung [ist in vier Sprachen|besteht nur aus Bildern|ist eine Seite lang].
        ~ Die andere Größe habe ich noch nicht probiert.
        Bei uns [täglich|zweimal die Woche|nur am Wochenende] in Gebrauch.
        {Person} nutzt {ihn} mehr als ich.
        ~ {Er} steht bei uns [im Flur|im Keller|in der Küche|im Schrank].
        Ich habe den Verkäufer nach Details gefragt.
        Der Verkäufer hat [am selben Tag|nach drei Tagen] geantwortet.
        ~ Es gibt noch eine [teurere|größere|neuere] Ausführung.
        @say1
        Null Sterne gibt es ja leider nicht.
        Finger weg!
        Rausgeschmissenes Geld.
        [Absoluter|Totaler] Schrott.
        ~ Kam schon kaputt hier an.
        Mit dem Foto hat das nichts zu tun.
        Der Verkäufer meldet sich [nicht|einfach nicht|seit Wochen nicht].
        {Der} {product} {hat} nie funktioniert, kein einziges Mal.
        ~ Das war eindeutig gebrauchte Ware.
        {price} Euro für so etwas ist eine Frechheit.
        Ich fühle mich veräppelt.
        Das gehört aus dem Verkehr gezogen.
        Unbrauchbar.
        ~ {Part der} {part} {part war} schon am ersten Tag hin.
        Ich bin stinksauer.
        Die guten Bewertungen können nicht echt sein.
        @say2
        Für {price} Euro hätte ich mehr erwartet.
        ~ {Part der} {part} wirk{part t} [billig|wackelig|lieblos].
        Würde ich nicht noch einmal kaufen.
        Leider eher enttäuschend.
        Die Beschreibung verspricht mehr, als man bekommt.
        Mein altes Modell war besser.
        Wer billig kauft, kauft zweimal.
        ~ {Part der} {part} {part hat} nach {short} nachgelassen.
        Zurückschicken lohnt sich kaum, also bleibt {er}.
        Empfehlen kann ich das nicht so richtig.
        Ich hatte mir mehr erhofft.
        ~ Man muss schon basteln, damit das hält.
        Die Idee stimmt, die Umsetzung nicht.
        ~ Auf den Bildern sah das hochwertiger aus.
        Funktioniert, aber nur mit viel gutem Willen.
        @say3
        Ganz okay, mehr aber auch nicht.
        Geht so.
        Für den Preis in Ordnung.
        Nichts Besonderes.
        Licht und Schatten.
        {Part der} {part} {part ist} ordentlich, der Rest Durchschnitt.
        Für gelegentlich reicht es.
        Ich bin hin- und hergerissen.
        Tut, was es soll, wenn man die Macken kennt.
        Weder begeistert noch verärgert.
        {Person} findet {ihn} besser als ich.
        ~ Mal sehen, wie lange {er} hält.
        Kann man nehmen, muss man nicht.
        ~ An {part den} {part} musste ich mich gewöhnen.
        Durchschnitt eben.
        @say4
        Bin im Großen und Ganzen zufrieden.
        Preis und Leistung passen.
        ~ {Part der} {part} könnte etwas [besser|stabiler|größer] sein, sonst alles gut.
        ~ {Part der} {part} {part ist} ordentlich verarbeitet.
        Besser als erwartet.
        Hält, was die Beschreibung verspricht.
        ~ Einen Stern ziehe ich für {part den} {part} ab.
        {Person} ist auch zufrieden.
        Lässt sich gut benutzen.
        Bisher keine Probleme.
        Nach kurzer Eingewöhnung mag ich {ihn} richtig gern.
        Kleine Schwächen, aber ich bereue den Kauf nicht.
        In dieser Preisklasse schwer zu schlagen.
        Von {part den} {part} war ich angenehm überrascht.
        Fast perfekt.
        @say5
        Einfach nur begeistert!
        Jeden Cent wert.
        Hätte ich das nur früher gekauft.
        {Part der} {part} {part ist} ein Traum.
        Übertrifft alles, was ich erwartet hatte.
        Genau das habe ich gesucht.
        Ich gebe {ihn} nicht mehr her.
        Klare Kaufempfehlung.
        Besser geht es nicht.
        {Person} will jetzt auch so etwas.
        ~ Nach {long} immer noch wie neu.
        Ich habe nichts auszusetzen.
        Der Verkäufer hat sich sehr viel Mühe gegeben.
        Mein bester Kauf in diesem Jahr.
        Ein Problem weniger im Alltag, und zwar für immer.
        @end1
        Ging am nächsten Tag zurück.
        Warte noch auf mein Geld.
        ~ Liegt jetzt im Müll.
        Nie wieder bei diesem Händler.
        ~ Auch der Ersatz war defekt.
        Spart euch das Geld.
        Nach {short} war Schluss.
        @end2
        Werde ich wohl zurückschicken.
        ~ Liegt jetzt in der Schublade.
        Beim nächsten Mal gebe ich lieber etwas mehr aus.
        Die Suche geht weiter.
        Habe {ihn} an {whom} weitergegeben.
        Zwei Sterne für den schnellen Versand.
        ~ Kurz nach Ablauf der Frist war {er} hin.
        @end3
        Drei Sterne sind fair.
        Bleibt erst einmal hier, aber ein zweites Mal kaufe ich nicht.
        Muss jeder selbst wissen.
        ~ Als Ersatz in der Hinterhand ganz brauchbar.
        Ich warte ab.
        Im Angebot vielleicht.
        Ich ergänze das hier nach ein paar Monaten.
        @end4
        Würde ich wieder kaufen.
        Vier Sterne von mir.
        Den Händler merke ich mir.
        Für {whom} bestelle ich wohl auch noch etwas.
        {Er} bleibt.
        Danke für den schnellen Versand.
        Mit kleinen Abstrichen zu empfehlen.
        @end5
        Ich habe gleich noch einmal für {whom} bestellt.
        Mittlerweile haben wir drei davon.
        Sechs Sterne, wenn es ginge.
        Volle Punktzahl.
        Die ganze Familie hat jetzt so etwas.
        ~ Wenn {er} je kaputtgeht, kaufe ich das Gleiche wieder.
        Danke, danke, danke!
        @frame1
        {problem}. Geht gar nicht.
        Gleich beim Auspacken: {problem}.
        {problem}, und niemand fühlt sich zuständig.
        {problem}, und das am ersten Tag!
        @frame2
        Leider: {problem}.
        {problem}, und das nach {short}.
        {delight}, aber {problem}, und darauf kommt es an.
        Was mich stört: {problem}.
        {problem}. Schade.
        @frame3
        {delight}, aber {problem}.
        {problem}, für den Preis kann ich darüber hinwegsehen.
        Einerseits: {delight}. Andererseits: {problem}.
        {problem}, zumindest manchmal.
        {problem}. Dafür: {delight}.
        @frame4
        Einziger Kritikpunkt: {problem}.
        {delight}, das gefällt mir.
        Am Anfang hieß es bei mir auch: {problem}. Der Verkäufer hat das gelöst.
        Andere schreiben: {problem}. Bei mir nicht.
        Bis jetzt gilt: {delight}.
        @frame5
        {delight}!
        Kaum zu glauben: {delight}.
        Beim Vorgänger hieß es noch: {problem}. Und jetzt: {delight}.
        {delight} und {delight}.
        {delight}, auch nach {long}.
        @down
        Allerdings:
        Aber:
        Der Haken daran:
        @up
        Trotzdem:
        Positiv:
        Immerhin:
        @short1
        ~ Nach {short} kaputt
        Schrott, Finger weg
        ~ Kam defekt an
        Nie wieder {product}
        @short2
        ~ Leider enttäuschend, {part} wackelt
        Nicht wie auf dem Foto
        ~ {Part} zu dünn
        Hatte mehr erwartet
        @short3
        Geht so
        Erfüllt seinen Zweck, mehr nicht
        {Product} eben, Durchschnitt
        {Part} ok, Rest naja
        @short4
        Gut für {price} Euro
        Macht, was es soll
        {Part} gut, bin zufrieden
        Würde ich wieder nehmen
        @short5
        Einfach super
        Schon zweimal gekauft, top
        {Person} ist begeistert
        Perfekt für {use}
        @title1
        Schrott
        Finger weg
        Nie wieder
        Kaputt angekommen
        Geldverschwendung
        Frechheit
        Defekt
        @title2
        Enttäuschend
        Nicht empfehlenswert
        Mehr erwartet
        ~ Billig verarbeitet
        Zwei Sterne
        Leider nein
        Schade
        @title3
        Geht so
        Durchschnitt
        Ganz okay
        Drei Sterne
        Naja
        Für den Preis okay
        Licht und Schatten
        @title4
        Zufrieden
        Gut
        Gutes Produkt
        Vier Sterne
        Empfehlenswert
        Preis und Leistung stimmen
        Fast perfekt
        @title5
        Perfekt
        Super
        Fünf Sterne
        Begeistert
        Top
        Klare Kaufempfehlung
        Bester Kauf
        @title
        {product}
        Mein Fazit
        Für {use}
        Nach {short}
        Erfahrung
        Geschenk für {whom}

        @delight
        die Lieferung war schneller als versprochen
        es lag sogar ein handgeschriebener Gruß bei
        man merkt, dass jemand mitgedacht hat
        ~ alles ist sauber verarbeitet
        ~ es riecht nach nichts und klappert nicht
        @problem
        die Lieferung hat drei Wochen gedauert
        die Hotline war nie erreichbar
        der Karton war schon einmal geöffnet
        ~ ein Teil fehlte in der Packung
        ~ die Maße stimmen nicht mit der Angabe überein
        """
}
