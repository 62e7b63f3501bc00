/// French products, parts, uses, delights and problems by category.
enum FrenchCategories {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = home
        @product: f:couverture, m:rideau, m:oreiller, f:lampe de table, m:tapis,
        f:housse de couette
        @part: m:tissu, f:couture, f:couleur, m:rembourrage
        @use: notre chambre, la chambre d'amis, le studio de ma fille
        @delight
        après dix lavages rien n'a bougé
        la couleur va parfaitement avec le mur
        on dort comme sur un nuage
        @problem
        ça peluche partout
        tout a rétréci au premier lavage
        l'odeur de produit chimique ne part pas
        = apparel
        @product: f:veste de pluie, m:jean, m:pull, f:robe d'été, f:chemise, m:peignoir
        @part: f:fermeture, m:col, f:ceinture, f:poche
        @use: le travail, un mariage, le ski
        @delight
        la coupe tombe comme du sur-mesure
        le tissu est plus doux que sur la photo
        la forme tient après dix lavages
        @problem
        ça taille deux tailles trop petit
        la couture a lâché au premier lavage
        la teinture déteint sur la peau
        = wireless
        @product: f:coque, m:câble, f:batterie externe, m:support de téléphone, m:casque sans fil,
        m:chargeur
        @part: f:prise, f:batterie, m:bouton, m:aimant
        @use: le trajet du matin, la voiture, mon téléphone professionnel
        @delight
        le téléphone a survécu à une chute sur le béton
        la connexion se fait tout de suite
        une charge tient trois jours
        @problem
        ça ne charge que dans un certain angle
        tout chauffe au bout de dix minutes
        personne ne m'entend au téléphone
        = beauty
        @product: f:crème, m:mascara, m:rouge à lèvres, m:masque, m:fer à boucler, m:sérum
        @part: m:parfum, f:pompe, f:teinte, f:texture
        @use: ma peau sèche, tous les jours, les peaux sensibles
        @delight
        la peau reste souple jusqu'au soir
        ça tient douze heures sans bouger
        une noisette suffit
        @problem
        le soir j'avais le visage rouge
        à midi ça fait des paquets
        la pompe se bloque à moitié
        = drugstore
        @product: f:genouillère, f:bouillotte, m:thermomètre, f:tisane, m:pilulier
        @part: m:goût, m:bouchon, f:sangle, m:dosage
        @use: mes genoux, les longs vols, la saison des pollens
        @delight
        j'ai senti la différence en une semaine
        je remonte l'escalier sans douleur
        il n'y a aucun arrière-goût
        @problem
        j'ai eu mal au ventre à chaque fois
        après une boîte entière, aucun changement
        le sceau était déjà ouvert
        = kitchen
        @product: f:poêle, f:bouilloire, m:mixeur, m:couteau, f:planche à découper, f:balance
        @part: m:couvercle, f:poignée, m:revêtement, f:lame
        @use: le petit déjeuner, notre petite cuisine, la pâtisserie
        @delight
        les œufs glissent tout seuls
        un coup d'éponge et c'est propre
        la chaleur se répartit jusqu'au bord
        @problem
        le revêtement part en morceaux
        des taches de rouille après un lavage
        ça fuit par en dessous
        = toy
        @product: m:puzzle, m:train en bois, f:peluche, m:jeu de société, f:dînette, m:kit créatif
        @part: f:télécommande, f:notice, f:roue, f:peinture
        @use: l'anniversaire de mon petit-fils, les jours de pluie, l'école
        @delight
        les enfants ont joué tout l'après-midi
        mon petit-fils le prend au lit
        tout est lisse, sans bord coupant
        @problem
        il manquait la moitié des pièces
        une roue est partie le premier matin
        au bout de dix minutes ça n'intéressait plus personne
        = other
        @product: f:guirlande, m:calendrier, f:banderole, m:porte-clés, m:lot de ballons
        @part: f:impression, f:ficelle, f:colle, m:bord
        @use: la fête du bureau, un anniversaire
        @delight
        la salle avait un air de fête
        tout le monde s'est pris en photo devant
        @problem
        la colle n'a pas tenu une heure
        il manquait deux lettres
        = sports
        @product: m:tapis de yoga, f:gourde, m:sac de couchage, f:corde à sauter, f:tente,
        m:masque de natation
        @part: f:prise en main, f:fermeture, f:sangle, f:valve
        @use: mon footing, le camping, le sport à la maison
        @delight
        ça ne glisse pas même les mains mouillées
        nous sommes restés au sec sous l'orage
        une heure de nage sans buée
        @problem
        ça a cassé en plein exercice
        la fermeture s'est coincée la première nuit
        tout le sac était trempé
        = automotive
        @product: m:tapis de sol, f:caméra embarquée, m:compresseur, f:housse de siège,
        m:balai d'essuie-glace
        @part: f:ventouse, f:fixation, m:câble, m:caoutchouc
        @use: ma vieille voiture, les longs trajets, l'hiver
        @delight
        le montage a pris dix minutes
        ça s'ajuste comme la pièce d'origine
        la vue reste nette sous la pluie
        @problem
        annoncé compatible, ce n'est pas le cas
        tout tombe dès qu'il fait chaud
        plus rien ne s'allume après un mois
        = lawn_and_garden
        @product: m:tuyau d'arrosage, f:lampe solaire, m:arrosoir, m:sécateur, m:parasol
        @part: m:raccord, m:embout, m:ressort, f:poignée
        @use: les tomates, notre terrasse, le jardin
        @delight
        la lumière tient jusqu'au matin
        les grosses branches passent comme du beurre
        @problem
        le raccord goutte sans arrêt
        plus rien après la première pluie
        = home_improvement
        @product: m:robinet, f:serrure, m:plafonnier, m:pommeau de douche, m:coffret de forets
        @part: m:joint, f:vis, m:flexible, m:filetage
        @use: la salle de bains, la rénovation, l'appartement loué
        @delight
        un quart d'heure et tout était posé
        la pression a doublé
        @problem
        ça goutte depuis le premier jour
        les vis tournent dans le vide
        = pet_products
        @product: m:panier, m:arbre à chat, f:laisse, f:fontaine à eau, m:harnais
        @part: f:boucle, f:pompe, f:garniture, f:base
        @use: notre labrador, deux chats, le nouveau chiot
        @delight
        le chat s'y est couché en une minute
        le chien ne tire presque plus
        @problem
        la mousse était dans le couloir en dix minutes
        les chats font un détour
        = digital_ebook_purchase
        @consumed
        yes
        @product: m:polar, f:romance, m:livre de cuisine numérique, m:thriller
        @part: f:fin, f:intrigue, m:style, m:rythme
        @use: les vacances, le train, mon club de lecture
        @delight
        j'ai lu jusqu'à trois heures du matin
        je n'ai pas vu venir la fin
        @problem
        il y a une faute toutes les deux pages
        j'ai abandonné au chapitre quatre
        = pc
        @product: m:clavier, f:souris, m:disque externe, f:webcam, m:routeur
        @part: f:touche, f:molette, m:port, m:pilote
        @use: le télétravail, les jeux
        @delight
        branché et reconnu aussitôt
        on n'entend presque rien
        @problem
        la connexion saute toutes les cinq minutes
        la molette revient en arrière
        = electronics
        @product: f:enceinte, m:réveil, f:télécommande universelle, m:projecteur, f:radio
        @part: f:batterie, m:écran, f:basse, m:bouton
        @use: la cuisine, le salon, l'atelier
        @delight
        le son remplit tout le rez-de-chaussée
        une charge tient tout le week-end
        @problem
        la batterie est vide en quarante minutes
        ça grésille à tous les volumes
        = office_product
        @product: f:agrafeuse, m:destructeur de papier, m:agenda, f:étiqueteuse, m:lot de stylos
        @part: f:encre, m:papier, m:ressort, f:colle
        @use: ma classe, les impôts
        @delight
        l'encre glisse et ne bave pas
        mon bureau est enfin rangé
        @problem
        la moitié des stylos étaient secs
        bourrage à la troisième feuille
        = shoes
        @product: f:basket, f:sandale, f:botte de pluie, m:chausson
        @part: f:semelle, m:talon, m:lacet, f:couture
        @use: de longues journées debout, la montagne, le chien
        @delight
        douze kilomètres le premier jour sans ampoule
        plus mal aux pieds le soir
        @problem
        la semelle s'est décollée
        le talon m'a mise en sang
        = personal_care_appliances
        @product: m:rasoir, m:sèche-cheveux, f:tondeuse, m:appareil de massage
        @part: f:lame, m:moteur, m:câble, m:bouton
        @use: ma barbe, les voyages, mes épaules
        @delight
        les cheveux sont secs en quatre minutes
        aucune rougeur, aucune coupure
        @problem
        ça tire les poils au lieu de couper
        le moteur sent le brûlé
        = baby_product
        @product: m:porte-bébé, f:chaise haute, m:chauffe-biberon, m:sac à langer
        @part: f:sangle, m:couvercle, m:plateau, f:pression
        @use: notre nouveau-né, les jumeaux, la nuit
        @delight
        le bébé a dormi cinq heures d'affilée
        tout se fait d'une main
        @problem
        le lait a coulé dans le sac
        de la moisissure au bout de deux semaines
        = book
        @product: m:album illustré, m:roman, m:cahier d'exercices, f:biographie
        @part: f:reliure, m:papier, f:police, m:index
        @use: ma petite-fille, un examen, les soirées d'hiver
        @delight
        ma petite-fille le réclame tous les soirs
        lu en une journée
        @problem
        des pages sont tombées à l'ouverture
        un chapitre est imprimé deux fois
        = furniture
        @product: f:étagère, m:fauteuil de bureau, f:table basse, m:meuble à chaussures
        @part: m:pied, m:tiroir, m:dossier, m:placage
        @use: le bureau, l'entrée
        @delight
        tous les trous tombaient juste
        huit heures assis et pas mal au dos
        @problem
        un pied est plus court que les autres
        le placage a éclaté au montage
        = grocery
        @consumed
        yes
        @product: m:café, m:thé, m:miel, f:épice
        @part: m:goût, m:sachet, m:couvercle, f:douceur
        @use: le bureau, un panier garni
        @delight
        tout était fini en deux jours
        on retrouve le goût de chez ma grand-mère
        @problem
        c'était rance dès l'ouverture
        le bocal était brisé et tout collait
        = jewelry
        @product: m:collier, f:bague, m:bracelet, m:pendentif
        @part: m:fermoir, f:chaîne, f:pierre, m:brillant
        @use: notre anniversaire de mariage, tous les jours
        @delight
        rien ne noircit, même sous la douche
        mes oreilles n'ont pas réagi
        @problem
        mon doigt est devenu vert
        la pierre est tombée le soir même
        = watch
        @product: f:montre, f:montre de sport, m:bracelet de montre
        @part: m:bracelet, m:cadran, f:boucle, f:couronne
        @use: le bureau, la course
        @delight
        pas une seconde d'écart depuis mars
        on lit l'heure dans le noir
        @problem
        elle avance de dix minutes par jour
        de la buée sous le verre après m'être lavé les mains
        = luggage
        @product: f:valise, m:sac à dos, m:sac de voyage
        @part: f:fermeture, f:roue, f:poignée, f:doublure
        @use: deux semaines de vacances, les déplacements
        @delight
        dix jours de vêtements y entraient
        trois aéroports et pas une rayure
        @problem
        une roue a cassé avant la sortie du terminal
        la poignée reste bloquée à mi-hauteur
        = industrial_supplies
        @product: m:pied à coulisse, m:gilet de sécurité, m:raccord, m:filtre
        @part: m:filetage, f:graduation, m:revêtement, m:joint
        @use: l'atelier, la peinture
        @delight
        les mesures collent avec l'appareil étalonné
        étanche même après un jour dans le solvant
        @problem
        le filetage ne prend pas
        il manquait quarante pièces dans le carton
        = musical_instruments
        @product: f:guitare, m:ukulélé, m:pied de clavier, m:accordeur
        @part: m:manche, f:corde, m:son, f:pince
        @use: débuter, le groupe
        @delight
        l'accord tient toute la soirée
        le son s'est ouvert en une semaine
        @problem
        tout est désaccordé après deux morceaux
        ça frise à la troisième case
        = camera
        @product: m:trépied, f:carte mémoire, m:sac photo, f:caméra de surveillance
        @part: f:rotule, m:objectif, f:application, m:rembourrage
        @use: les photos d'oiseaux, l'allée
        @delight
        on lit les plaques la nuit
        mes poses longues sont enfin nettes
        @problem
        les photos d'une journée entière ont disparu
        chaque feuille déclenche l'alarme
        = video_games
        @product: f:manette, m:jeu de course, m:micro-casque
        @part: m:joystick, m:graphisme, f:histoire, m:micro
        @use: le week-end, les enfants
        @delight
        tout un week-end y est passé
        on joue enfin tous ensemble
        @problem
        le joystick dérive tout seul
        la sauvegarde a disparu
        = digital_video_download
        @consumed
        yes
        @product: m:documentaire, m:film d'action, m:film pour enfants
        @part: f:fin, m:son, m:scénario, f:image
        @use: la soirée ciné, un jour au lit
        @delight
        on est restés scotchés jusqu'au générique
        les enfants l'ont vu trois fois
        @problem
        je me suis endormi au bout d'une demi-heure
        le son ne suit pas les lèvres
        """
}
