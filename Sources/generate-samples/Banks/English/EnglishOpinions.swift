/// What a reviewer says and how a review ends, from one star to five.
enum EnglishOpinions {
    /// The lists, to be read by ``Bank``.
    static let text = """
        @say1
        I would give zero stars if I could.
        [Do not|Don't] waste your [money|time] on {this}.
        Save your {price} dollars.
        Straight into the [trash|garbage|bin].
        I want my money back.
        How {this} [ever got|has] four stars is beyond me.
        I have never sent anything back until now.
        ~ {it} {was} dead on arrival.
        I feel [ripped off|cheated|lied to].
        The seller never [answered|wrote back|picked up the phone].
        [Complete|Total] garbage.
        This should be taken off the site.
        What I got is not what is in the picture.
        ~ It is a safety hazard if you ask me.
        Whoever tested {this} must have been asleep.
        I could have set {price} dollars on fire instead.
        It never worked, not once.
        Nobody should have to pay for {this}.
        ~ The {part} broke [at the first touch|on the first day|before I even used it].
        Buyer beware.
        I am [furious|beyond angry|fuming].
        Unusable.
        ~ {it} fell apart in my hands.
        ~ They sent [the wrong one|a used one|somebody else's return] and will not make it right.
        ~ I had to [throw out|clean up] the mess it left behind.
        It is an insult to call {this} {a}.
        Not worth a single cent.
        Worst {price} dollars I ever spent.
        Run, do not walk, away from {this}.
        ~ The {part} {part was} broken [in the box|out of the box] and so was the replacement.
        ~ Anyone who calls {this} great has not used {them}.
        Absolutely nothing about {them} works.
        I am out {price} dollars with nothing to show for it.
        @say2
        I expected [more|a lot more] for {price} dollars.
        ~ It feels [flimsy|cheap|like a toy] in the hand.
        I would not get {them} again.
        The {part} {part isnt} what I hoped for.
        ~ I kept {them} only because sending {them} back costs more than {it} {is} worth.
        The listing [oversells|stretches the truth about] the {part}.
        You get what you pay for, and it shows.
        [Sadly|Unfortunately], the {part} let me down.
        I wanted to like {this}.
        I had high hopes, but no.
        It does the job about half of the time.
        ~ The {part} started to [go|give out|come apart] after {short}.
        ~ I am back to using my old {unit}.
        I cannot really recommend {them}.
        Not as described.
        The {part} could be so much better.
        ~ There are better ones at {store} for less.
        ~ For this price I thought the {part} would hold up.
        It works, barely.
        [Kind of|Rather|Pretty] disappointed with the {part}.
        I would look elsewhere.
        The idea is clever, the {part} is not.
        ~ I had to [glue|tape|rig] the {part} to make it usable.
        It was fine for {short} and then it was not.
        ~ Quality control must have been on a break.
        ~ Mine [is|was] crooked.
        ~ {Person} tried to fix the {part} and gave up.
        Everybody loves it, it seems, but mine is a dud.
        I should have listened to the other reviews.
        It is more trouble than it is worth.
        The good reviews had me fooled.
        @say3
        It is okay, [nothing special|nothing more|no more than that].
        It does what it should, no more and no less.
        I am on the fence about {this}.
        [So so|Meh|Middle of the road].
        Neither thrilled nor upset.
        It is fine for the price.
        Some things I like, some things I do not.
        ~ For occasional use it is alright.
        It is decent, but I have seen better.
        The {part} {part is} fine, the rest is average.
        I might try a different one next time.
        It will do for now.
        Half of it works for me.
        Good idea, average execution.
        Not bad, not great.
        I do not hate it and I do not love it.
        It gets the job done once you learn its quirks.
        I thought it would be better, but it will have to do.
        You could do worse, you could do better.
        The jury is still out on the {part}.
        It is what it is.
        If it were {price} dollars less I would feel different.
        {Person} likes it more than I do.
        Average {product}, average price.
        ~ I would call it a starter {product}.
        ~ It took some fiddling with the {part}.
        ~ Works some days better than others.
        There is room for improvement in the {part}.
        ~ It is alright as a backup.
        I can live with it.
        @say4
        I [would|might] buy {them} again.
        It does [nearly|almost] everything I wanted.
        A solid {product} for the money.
        I am [quite|mostly|pretty] happy with {them}.
        ~ Nice {part}, [sturdy enough|well made|no complaints there].
        It took a little getting used to, but now I like {them}.
        Only one thing keeps me from giving the full five.
        I took off a star for the {part}.
        Does the job [well|nicely|without fuss].
        Better than I expected at this price.
        ~ The {part} could be a bit [better|bigger|stronger], otherwise no complaints.
        So far so good.
        ~ It works as advertised.
        {Person} [likes|enjoys] {them} a lot.
        I would recommend {them} with a small asterisk.
        Would be perfect if the {part} {part was} a little different.
        Pleasantly surprised by the {part}.
        I like the {part} [a lot|best].
        Good quality overall.
        Not the fanciest {product}, but it earns its keep.
        ~ It holds up fine [so far|after {short}].
        ~ Easy to use once set up.
        Very nice, if a tad [pricey|large|plain].
        It is [close to|almost] what I had in mind.
        We use {them} more than we thought we would.
        Happy enough that I cancelled my order for the other one.
        No real problems in {long}.
        The {part} took me by surprise in a nice way.
        Just shy of ideal.
        Works for us.
        @say5
        I cannot imagine [going back|being without {them}].
        Worth [every penny|twice the price|every cent].
        I tell everybody about {this}.
        Where has {this} been all my life?
        Exactly what I [needed|was looking for|had in mind].
        The {part} {part is} [spot on|flawless|top notch|superb].
        Buy it. You will not be sorry.
        It blew me away.
        Hands down the best {product} we have owned.
        I am so [glad|happy] I found {this}.
        {Person} [cried happy tears|could not stop smiling|was over the moon].
        It [exceeded|beat] everything I hoped for.
        I have zero complaints.
        Ten out of ten.
        I wish I had bought {this} years ago.
        You cannot go wrong with {this}.
        {Person} now wants {one} too.
        ~ It still looks like new after {long}.
        Game changer for {use}.
        I use {them} every single day.
        It does not get better than {this}.
        I was ready to hate it and I am hooked.
        Do yourself a favor and get {this}.
        It made my [week|month|year].
        Not one bad thing to say.
        The seller went out of their way to help.
        Run to get {this} before it sells out.
        Love, love, love.
        I am never buying another kind.
        Perfect in every way.
        ~ Amazing, from the {part} to the box it came in.
        It solved a problem I had for years.
        @end1
        ~ [It|The whole thing] went [back|straight back] the next day.
        I am [filing a claim|disputing the charge|reporting the seller].
        It lasted {short}.
        ~ I [ended up|wound up] driving to {store} to get a real one.
        ~ It is in a landfill now.
        ~ Still waiting for my refund.
        I will never order from this seller again.
        {Person} told me so.
        ~ Even the thrift store would not take it.
        It ruined {use} for us.
        ~ I had to see a doctor.
        Stay far away.
        ~ Return label printed, {quip}.
        ~ Two replacements, same story.
        ~ I threw it out before {person} could see it.
        Let this be a warning.
        One star because I have to pick something.
        @end2
        I will probably [return|send back] this.
        ~ It sits in a drawer now.
        I gave it to {person}, who does not use it either.
        ~ It quit after {short}.
        Next time I will spend a bit more.
        Back to the search for {a}.
        I will not be ordering another.
        ~ The return window closed two days before it gave out.
        Think twice.
        I will keep looking.
        ~ It goes to the yard sale.
        I ended up borrowing {one} from {person}.
        ~ Maybe I got a lemon.
        ~ I asked for a partial refund.
        ~ Two stars for the quick shipping.
        I will use it up and that is that.
        @end3
        Three stars seems fair.
        I will keep it, but I will not buy another.
        We will see how long it lasts.
        Time will tell.
        Take it or leave it.
        I may update this in a few months.
        It depends on what you want it for.
        Maybe others have more luck.
        ~ I am keeping it as a spare.
        I guess I got what I paid for.
        Not sure I would order it again.
        Decide for yourself.
        I would wait for a sale.
        It stays, for now.
        I would ask {person} before buying one.
        @end4
        I would order from them again.
        It is a keeper.
        Four stars from me.
        Glad I picked {this}.
        I will likely get another for {person}.
        If they fix the {part}, I will come back for another.
        ~ I can see {them} lasting a while.
        Recommended, with that one remark.
        Holding back one star, {quip}.
        {Person} asked me for the link.
        Good buy.
        We are keeping {them}.
        It earned its spot in the house.
        ~ Thanks to the seller for the fast shipping.
        A little patience with the {part} pays off.
        @end5
        I [bought|ordered] a second one for {person}.
        I already ordered [two|three] more.
        ~ We now have one in every room.
        I would give six stars if I could.
        Five stars, easily.
        Thank you, thank you.
        My only regret is not buying sooner.
        {Person} stole mine, so I am ordering again.
        ~ I went back and bought every color.
        I will be a customer for life.
        Everyone is getting one for Christmas.
        ~ If mine ever breaks I will get the same one.
        Going strong after {long}.
        I sent the link to my whole family.
        You have to get one.
        ~ They will have to pry it from my hands.
        """
}
