/// People, times, openings, asides, frames, short reviews and titles.
enum EnglishPhrases {
    /// The lists, to be read by ``Bank``.
    static let text = """
        @person: my husband, my wife, my sister, my mother, my dad, my roommate, my neighbor,
        my daughter, my son, a friend, my aunt, a coworker, my boyfriend, my brother
        @short: two days, three days, a week, ten days, two weeks, about three weeks, one month,
        five days, less than a month, six days
        @long: four months, half a year, almost a year, eight months, over a year, two years,
        the whole summer, five months
        @price: 12, 15, 19, 20, 25, 30, 35, 40, 8, 50, 60
        @day: Monday, Tuesday, Thursday, Friday, Saturday, the weekend, Christmas Eve,
        the first of the month
        @store: the big store in town, the hardware store, the mall, the dollar store,
        a shop downtown
        @quip: go figure, lesson learned, what can you say, but that is me, for what it is worth,
        at least in our house
        @open
        [Bought|Got|Ordered|Picked up] {this} for {use}.
        I [bought|ordered|got] {this} for {use} [in March|in the spring|last fall|a while ago].
        {Person} [asked for|wanted|needed] {a} and I picked {this}.
        I [needed|was looking for|have been looking for] {a} for {use}.
        ~ {This} {was} [a gift|a present|a birthday gift] for {person}.
        I have had {this} for {short}.
        I have used {this} for {long} now.
        ~ My old {product} gave out after years, so I ordered {this}.
        I read [all the reviews|the reviews|a lot of reviews] before I ordered.
        I usually do not write reviews.
        I hardly ever write reviews, but here it is.
        Saw {this} on sale for {price} dollars.
        I paid about {price} dollars for {this}.
        ~ Package came on {day}.
        {Person} has the same {unit} and I was curious.
        I went back and forth for weeks before buying {a}.
        We wanted something for {use}.
        This is my second {product} from this seller.
        I was skeptical at first.
        Updated review after {short} of use.
        I needed {a} in a hurry for {use}.
        ~ Ordered on {day}, came [on time|a day early|two days later|within the week].
        ~ The box was [plain|huge for what is in it|a bit beat up|small].
        {This} came up when I searched for {a}.
        I am [fairly|pretty|very] picky about these things.
        Not my first {product}.
        ~ I got {this} to replace {one} that I lost.
        I had a coupon, so I gave {them} a shot.
        @neutral
        I can say more when I have used {them} longer.
        There are two settings and I use the [first|second] one.
        {Person} uses {them} more than I do.
        ~ It comes with a [small bag|leaflet|card|spare part] too.
        ~ The {part} {part is} [black|plain|about what you would expect|as pictured].
        ~ I have not tried the other [color|size|version] yet.
        I use {them} [every day|about twice a week|on weekends|most mornings].
        ~ It is [bigger|smaller|lighter|heavier] than I pictured.
        ~ It ships from [overseas|another state|a third party].
        There is also a [larger|cheaper|newer] version.
        ~ You have to [read|look at] the leaflet first.
        ~ We keep {them} in the [hall closet|garage|kitchen|car|bedroom].
        ~ The instructions are [in four languages|one page|just pictures].
        ~ {Person} set {them} up for me.
        ~ I compared it with {one} from {store}.
        ~ I have the [blue|gray|black|red|green|white] {unit}.
        It does what the listing says, {quip}.
        Others may see it differently.
        ~ I measured before ordering.
        ~ I wrote to the seller about the {part}.
        The [seller|company] answered [within a day|after three days].
        @frame1
        As soon as it was out of the bag {problem}.
        {problem}, [twice|three times now], and the seller blames me.
        So far {problem}, and I have not had it a week.
        I can put up with a lot, but {problem}.
        {problem} while {person} was watching. Embarrassing.
        They call this quality? {problem}.
        {problem}. Unacceptable.
        {problem} and nobody wants to hear about it.
        On top of that, {problem}.
        {problem}, and that was day one.
        Within [an hour|a day|minutes] {problem}.
        Right out of the box {problem}.
        {problem}. I mean, come on.
        [Then|And then] {problem}, and I was done.
        {problem}!!
        @frame2
        Not long after that {problem}.
        I tried to look past it, but {problem}.
        The first week was alright, then {problem}.
        {delight}, I give it that, but {problem}.
        {problem}. I had hoped for better.
        {problem}, and I am [tired|sick] of dealing with it.
        [Sadly|Unfortunately|The trouble is], {problem}.
        After {short} {problem}.
        {problem}, which is a [letdown|shame|pity].
        I did not expect that {problem}.
        {problem}, and I was not even rough with it.
        {problem}. Hmm.
        It bothers me that {problem}.
        It is true that {delight}, but {problem} and that is what counts.
        It would be nice, except {problem}.
        @frame3
        {delight}. {Person}, however, says that {problem}.
        If you can look past the fact that {problem}, it does the trick.
        The first one: {problem}. The replacement is alright.
        {delight}, and yet I keep thinking there must be something better.
        {problem}, which may be my own fault.
        It is a trade: {delight}, and {problem}.
        {delight}, but {problem}.
        {problem}, although {delight}.
        On one hand {delight}, on the other {problem}.
        I like that {delight}, I do not like that {problem}.
        {problem}, but for the price I can overlook it.
        {delight}. Then again, {problem}.
        I can say that {delight}, and that is about all I can say.
        It is true that {problem}, but that is not the end of the world.
        {problem}. On the plus side, {delight}.
        @frame4
        {delight}, and I only wish it came in more sizes.
        {problem} the first time, then I read the leaflet. Since then, no trouble.
        Most of all I like that {delight}.
        {delight}. It is not the cheapest, though.
        Small thing: {problem}. I fixed it in a minute.
        {Person} was doubtful, but {delight}.
        My only [gripe|complaint] is that {problem}.
        {delight}, [so I can forgive that|even if] {problem} once.
        {delight}, which is what I was after.
        {delight}. Nice touch.
        At first {problem}, but the seller sorted it out.
        [So far|As promised], {delight}.
        I worried that {problem}, as others wrote, but mine is fine.
        {delight}, and that is most of what I wanted.
        I can report that {delight}.
        @frame5
        Where do I begin? {delight}.
        {Person} did not believe me until [last week|yesterday]: {delight}.
        {delight}, and I have tried [four|five|six] others.
        I was told to expect trouble. Instead, {delight}.
        {delight}. I am still smiling.
        {delight}, which no other {product} ever managed.
        {delight}!
        {delight}, [hand on heart|no joke|I kid you not].
        I could not believe it: {delight}.
        Others wrote that {problem}. Not mine, not once.
        My last one was terrible: {problem}. This one? {delight}.
        {delight} and {delight}.
        From day one {delight}.
        It has been {long} and I stand by it: {delight}.
        {delight}. What more could you ask for?
        @down
        That said,
        On the downside,
        But here is the thing:
        However,
        Then again,
        To be fair to other buyers:
        @up
        That said,
        On the bright side,
        To be fair,
        Still,
        In its defense,
        On the other hand,
        @short1
        Broke in {short}
        Never again
        Arrived smashed
        Not even close
        Big fat no
        Sent it back
        No. Just no.
        Useless {product}
        Stopped working after {short}
        Total scam, stay away
        Missing the {part}
        @short2
        Not what I ordered
        Expected more from {a}
        Cheap {part}
        ~ It quit after {short}
        Would not buy twice
        Smaller than pictured, sadly
        The {part} came loose
        Kind of a letdown
        @short3
        It is okay I guess
        Does the job, barely more
        Average {product}
        Fine for now
        Could be better
        Nothing to write home about
        Works, but the {part} is meh
        As expected
        @short4
        Works as it should
        Nice {product} for {price} dollars
        Good, not perfect
        Does what it says
        Pretty happy with {them}
        Solid for the price
        Like the {part} a lot
        Would get it again
        @short5
        Love it so much
        Best {product} ever
        Ordered another one already
        Could not be happier
        Exactly as pictured, wow
        {Person} adores it
        Five stars, no notes
        So so good!!
        Perfect for {use}
        @title1
        Garbage
        Do not buy
        Waste of money
        Broke right away
        Never again
        Zero stars
        Dead on arrival
        Very [angry|upset] customer
        Terrible
        Junk
        Not as pictured
        Stay away
        Scam
        It lasted {short}
        Returned
        Dangerous
        @title2
        Disappointed
        Not worth it
        Expected more
        Two stars
        Poor {part}
        Not what I hoped
        Flimsy
        Meh
        Cheaply made
        Would not buy again
        Back to the old one
        Let down by the {part}
        Too bad
        Falls short
        @title3
        It's okay
        Average
        Just ok
        So so
        Mixed feelings
        Three stars
        Not bad, not great
        Does the job
        Fine I guess
        Middle of the road
        Good and bad
        Works with quirks
        Okay for the price
        @title4
        Good {product}
        Nice
        Happy with it
        Pretty good
        Four stars
        Almost there
        Works well
        Solid
        Good value
        Does what it should
        Like the {part}
        Nearly perfect
        Nice for the price
        @title5
        Love it
        Perfect
        Five stars
        Wow
        Best {product}
        Amazing
        Worth every penny
        Just what I needed
        Buy it
        So happy
        Great
        Obsessed
        You need this
        Excellent
        @title
        {product}
        My review
        Review
        {product} for {use}
        The {part}
        About the {part}
        For {use}
        First impressions
        After {short}
        A gift for {person}
        Read before you buy
        My two cents
        Update
        What to know
        Honest review
        I was surprised
        """
}
