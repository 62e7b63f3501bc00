/// What French reviews say: openings, opinions from one star to five, endings and titles.
enum FrenchPhrases {
    /// The lists, to be read by ``Bank``.
    static let text = """
        @person: mon mari, ma femme, ma mère, mon père, ma sœur, mon frère, mon fils, ma fille,
        mon voisin, ma collègue, ma belle-mère
        @short: deux jours, trois jours, une semaine, dix jours, deux semaines, trois semaines,
        un mois
        @long: quatre mois, six mois, huit mois, presque un an, plus d'un an, deux ans, tout un été
        @price: 12, 15, 19, 20, 25, 30, 35, 40, 50, 60
        @day: lundi, mardi, jeudi, vendredi, samedi
        @open
        J'ai acheté {ce} {product} pour {use}.
        J'avais besoin d'{un} {product} pour {use}.
        {Person} voulait {un} {product}, j'ai choisi ce modèle.
        Commandé {day}, [reçu le lendemain|reçu deux jours après|arrivé au bout d'une semaine].
        Avis après {short} d'utilisation.
        J'utilise {ce} {product} depuis {long}.
        ~ Mon ancien modèle a rendu l'âme après des années.
        J'ai lu beaucoup d'avis avant de commander.
        Acheté en promotion à {price} euros.
        D'habitude je n'écris pas d'avis.
        C'était un cadeau pour {person}.
        C'est mon deuxième achat chez ce vendeur.
        L'emballage était [simple|énorme|un peu écrasé|correct].
        ~ {Person} a le même à la maison.
        Au début j'étais sceptique.
        J'ai longtemps hésité.
        @neutral
        ~ J'ai pris la version [noire|grise|bleue|verte|blanche].
        ~ C'est un peu plus [grand|petit|léger|lourd] que prévu.
        ~ Une petite pochette est fournie.
        ~ La notice est [en quatre langues|faite de dessins|d'une page].
        ~ Je n'ai pas encore essayé l'autre taille.
        On s'en sert [tous les jours|deux fois par semaine|le week-end].
        {Person} s'en sert plus que moi.
        ~ On range ça dans [le placard|l'entrée|la cuisine|la voiture].
        J'ai posé une question au vendeur sur {part le}{part}.
        Le vendeur a répondu [le jour même|au bout de trois jours].
        ~ Il existe aussi une version plus [chère|grande|récente].
        @say1
        Zéro étoile si c'était possible.
        À fuir !
        De l'argent jeté par les fenêtres.
        C'est une honte.
        ~ Arrivé cassé.
        Rien à voir avec la photo.
        Le vendeur [ne répond pas|ne répond jamais|fait le mort].
        Ça n'a jamais fonctionné, pas une seule fois.
        ~ On m'a envoyé un article déjà utilisé.
        {price} euros pour ça, c'est du vol.
        Je me suis fait avoir.
        Ça devrait être retiré de la vente.
        Inutilisable.
        ~ {Part le}{part} a lâché dès le premier jour.
        Je suis furieuse.
        Les bons avis sont forcément faux.
        @say2
        Pour {price} euros j'attendais mieux.
        ~ {Part le}{part} fait [bas de gamme|fragile|bon marché].
        Je ne le rachèterais pas.
        Plutôt décevant.
        La description en promet plus qu'on n'en reçoit.
        Mon ancien modèle était mieux.
        On en a pour son argent, et ça se voit.
        ~ {Part le}{part} a commencé à lâcher après {short}.
        Le renvoyer coûte plus que de le garder.
        Difficile de recommander.
        J'en espérais davantage.
        ~ Il a fallu bricoler {part le}{part} pour que ça tienne.
        L'idée est là, la finition non.
        ~ Sur les photos ça semblait plus solide.
        Ça marche une fois sur deux.
        @say3
        Correct, sans plus.
        Moyen.
        Ça va pour le prix.
        Rien d'extraordinaire.
        Il y a du bon et du moins bon.
        {Part le}{part} est correct{part e}, le reste est moyen.
        Pour un usage occasionnel ça suffit.
        Je suis partagé.
        Fait ce qu'on lui demande quand on connaît ses manies.
        Ni déçu ni emballé.
        {Person} aime mieux que moi.
        ~ À voir dans la durée.
        On peut trouver mieux, on peut trouver pire.
        ~ Il faut un temps pour s'habituer.
        {Un} {product} comme les autres.
        @say4
        Globalement satisfait.
        Bon rapport qualité-prix.
        {Part le}{part} pourrait être un peu mieux, sinon rien à dire.
        ~ {Part le}{part} est bien pensé{part e}.
        Mieux que ce que j'imaginais.
        Conforme à la description.
        J'enlève une étoile pour {part le}{part}.
        {Person} en est content aussi.
        Facile à utiliser.
        Aucun souci pour l'instant.
        Après un temps d'adaptation je l'apprécie vraiment.
        Quelques petits défauts, mais je ne regrette pas.
        À ce prix, difficile de trouver mieux.
        Agréablement surpris par {part le}{part}.
        Presque parfait.
        @say5
        Je suis conquise !
        Ça vaut chaque centime.
        J'aurais dû l'acheter plus tôt.
        {Part le}{part} est une merveille.
        Au-delà de mes attentes.
        Exactement ce que je cherchais.
        Je ne m'en passe plus.
        À recommander les yeux fermés.
        On ne peut pas faire mieux.
        {Person} veut le même.
        ~ Comme neuf après {long}.
        Je n'ai rien à redire.
        Le vendeur a été aux petits soins.
        Mon meilleur achat de l'année.
        Un problème de moins au quotidien, enfin !
        @end1
        Renvoyé le lendemain.
        J'attends toujours mon remboursement.
        ~ C'est parti à la poubelle.
        Plus jamais chez ce vendeur.
        ~ L'échange était cassé aussi.
        Gardez votre argent.
        ~ Il a tenu {short}, pas plus.
        @end2
        Je vais sans doute le renvoyer.
        ~ Ça dort dans un tiroir.
        La prochaine fois je mettrai un peu plus.
        Je continue à chercher.
        Je l'ai donné à {person}.
        Deux étoiles pour la livraison rapide.
        ~ En panne juste après la fin du délai de retour.
        @end3
        Trois étoiles me semblent justes.
        Je le garde, mais je n'en rachèterai pas.
        À chacun de voir.
        ~ En dépannage, pourquoi pas.
        J'attends de voir.
        En promotion, peut-être.
        Je compléterai dans quelques mois.
        @end4
        Je rachèterais sans problème.
        Quatre étoiles pour moi.
        Je garde l'adresse du vendeur.
        J'en prendrai peut-être un autre pour {person}.
        On le garde.
        Merci pour l'envoi rapide.
        À conseiller, avec une petite réserve.
        @end5
        J'en ai repris un pour {person}.
        C'est déjà le troisième à la maison.
        Six étoiles si je pouvais.
        Note maximale.
        Toute la famille en a un maintenant.
        ~ S'il casse un jour, je reprends le même.
        Merci, merci, merci !
        @frame1
        {problem}. Inadmissible.
        Dès le déballage, {problem}.
        {problem}, et personne ne veut rien savoir.
        {problem}, et c'était le premier jour !
        @frame2
        Malheureusement {problem}.
        Au bout de {short}, {problem}.
        C'est vrai que {delight}, mais {problem}, et c'est ça qui compte.
        Ce qui me gêne : {problem}.
        {problem}. Dommage.
        @frame3
        {delight}, mais {problem}.
        {problem}, à ce prix je ferme les yeux.
        D'un côté {delight}, de l'autre {problem}.
        De temps en temps {problem}.
        {problem}. En revanche, {delight}.
        @frame4
        Seul bémol : {problem}, et encore, rarement.
        {delight}, et ça me plaît.
        Au début {problem}, le vendeur a réglé ça.
        D'autres écrivent : {problem}. Pas chez moi.
        Pour le moment, {delight}.
        @frame5
        {delight} !
        Je n'en reviens pas : {delight}.
        Avec l'ancien, {problem}. Avec celui-ci, {delight}.
        {delight} et {delight}.
        Après {long}, {delight} toujours autant.
        @down
        Par contre :
        Mais voilà :
        Seulement,
        @up
        Malgré tout :
        Point positif :
        Cela dit :
        @short1
        ~ Cassé au bout de {short}
        À fuir
        ~ Arrivé en panne
        Plus jamais
        @short2
        Déçu par {part le}{part}
        Pas comme sur la photo
        ~ Trop fragile
        J'attendais mieux pour {price} euros
        @short3
        Moyen
        Fait le travail, sans plus
        {Product} correct pour le prix
        {Part le}{part} ça va, le reste bof
        @short4
        Bien pour {price} euros
        Fait ce qu'il faut
        Content de {part le}{part}
        Bon achat pour {use}
        @short5
        Super, {person} adore
        Déjà racheté deux fois
        Parfait pour {use}
        Rien à redire, bravo
        @title1
        Nul
        À fuir
        Arnaque
        ~ Arrivé cassé
        Argent jeté
        Honteux
        ~ En panne
        @title2
        Déçu
        Décevant
        Pas terrible
        J'attendais mieux
        Deux étoiles
        ~ Trop fragile
        Dommage
        @title3
        Moyen
        Correct
        Bof
        Trois étoiles
        Passable
        Correct pour le prix
        Mitigé
        @title4
        Satisfait
        Bien
        Bon produit
        Quatre étoiles
        Bon rapport qualité-prix
        Conforme
        Presque parfait
        @title5
        Parfait
        Super
        Cinq étoiles
        Génial
        Je recommande
        Conquise
        Excellent
        @title
        {product}
        Mon avis
        Pour {use}
        Après {short}
        Cadeau pour {person}
        Premier avis

        @delight
        la livraison a été plus rapide que promis
        il y avait même un petit mot dans le colis
        on sent que quelqu'un y a réfléchi
        ~ la finition est soignée
        ~ rien ne bouge et rien ne sent
        @problem
        la livraison a pris trois semaines
        le service client ne répond pas
        le carton avait déjà été ouvert
        ~ il manquait une pièce dans la boîte
        ~ les dimensions ne sont pas celles annoncées
        """
}
