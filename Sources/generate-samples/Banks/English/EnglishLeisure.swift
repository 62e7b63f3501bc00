/// Products, parts, uses, facts, delights and problems: play, sports, pets, books and films.
enum EnglishLeisure {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = toy
        @product: building block set, wooden puzzle, train set, doll house, toy kitchen,
        magnetic tile set
        @part: +pieces, +instructions, +wheels, paint, box, +stickers
        @use: my grandson's birthday, rainy days, our preschool class, Christmas morning
        @fact
        My grandson just turned four.
        We have three kids under eight.
        The box says ages 3 and up.
        @delight
        it kept my kids quiet for a whole afternoon
        the pieces have survived our dog
        they fight over whose turn it is
        my daughter rebuilds it every morning
        the edges are smooth as glass
        @problem
        half of the pieces were missing
        the paint chips off and my son puts everything in his mouth
        the instructions make no sense at all
        nothing stays together longer than a minute
        it is a third of the size the pictures suggest
        = toy
        @product: remote control car, plush bear, toy robot, water table, bubble machine,
        singing doll
        @part: remote, battery cover, +wheels, sound, fur, switch
        @use: my grandson's birthday, the backyard, my niece, Christmas morning
        @fact
        It needs three batteries that are not in the box.
        The neighbor kids come over for it.
        @delight
        my grandson takes it to bed with him
        he figured it out without any help
        it has been run over twice and still goes
        she screamed when she saw it
        @problem
        the wheels came off on the first morning
        he lost interest within ten minutes
        it eats a set of batteries a day
        the voice would wake the dead and has no off switch
        the stuffing came out at the neck
        = toy
        @product: board game, card game, craft kit, science kit, trivia game
        @part: +instructions, +cards, +dice, box, glue, +rules
        @use: family game night, a long car ride, our preschool class, a sleepover
        @fact
        We were five players from 8 to 70.
        A round takes about forty minutes.
        @delight
        even my teenager sat down to play
        we played until two in the morning
        everything you need is in the box
        @problem
        the rules contradict themselves
        the glue was dry as a bone
        one round and nobody wanted another
        = sports
        @product: yoga mat, +resistance bands, jump rope, foam roller, +dumbbells, exercise ball
        @part: grip, foam, +handles, surface, coating, length
        @use: physical therapy, hot yoga, my garage gym, my morning routine
        @fact
        I train four times a week.
        I am 6'2 and about 210 pounds.
        @delight
        {it} {is} steady even when I am dripping with sweat
        my back pain is gone since I started with {them}
        {it} took a beating all season
        my physical therapist asked for the name
        @problem
        {it} snapped in the middle of a set
        {it} left black marks on my hands
        {it} went flat within days
        the smell filled the whole gym
        = sports
        @product: tent, sleeping bag, camping chair, fishing rod, hammock, cooler bag
        @part: zipper, +poles, strap, buckle, seam, carry bag
        @use: a backpacking trip, the lake, our scout troop, the music festival
        @fact
        We camped three nights in the mountains.
        It weighs just under five pounds on my scale.
        @delight
        we stayed dry through a thunderstorm
        it packs down to the size of a loaf of bread
        I was up and running before the others found their poles
        @problem
        the zipper jammed on the first night
        water came in at the seams
        it ripped the first time someone sat down
        a pole split in light wind
        = sports
        @product: water bottle, bike helmet, +swim goggles, golf glove, +soccer cleats, bike light
        @part: strap, lid, buckle, padding, seal, clip
        @use: my morning run, soccer practice, swim team, the commute
        @fact
        I ride about eighty miles a week.
        It has been through one full season.
        @delight
        no trouble in a full hour out there
        my ice is still there in the evening
        my daughter's coach ordered the same for the team
        @problem
        it leaked from the very first day
        the strap slips no matter how I set it
        it pinched until I had a headache
        = pet_products
        @product: dog bed, cat tree, chew toy, squeaky ball, travel crate, puppy gate
        @part: filling, cover, squeaker, base, latch, fabric
        @use: my 80 pound lab, our senior cat, the new puppy, a rescue with anxiety
        @fact
        My dog is about forty pounds.
        He is a chewer.
        She is thirteen and set in her ways.
        @delight
        my dog was asleep within a minute of opening the box
        it has been chewed on for a month and is still whole
        the old girl climbs up without help
        he carries it from room to room
        @problem
        my dog had the stuffing out in ten minutes
        the cats will not go near it
        the cover cannot be taken off for washing
        it fell over with the cat on top
        = pet_products
        @product: dog harness, dog leash, cat litter mat, pet fountain, grooming glove,
        aquarium filter
        @part: buckle, pump, clip, strap, edge, hose
        @use: two kittens, my parents' beagle, our senior cat, walks in the city
        @fact
        We have three cats.
        I measured around the chest as told.
        @delight
        it took the edge off the pulling
        there is no more mess in the hallway
        the water stays clear for weeks
        @problem
        the buckle opened in the middle of the street
        it hums so loud that she is scared of it
        it stopped after one cleaning
        = pet_products
        @consumed
        yes
        @product: bag of treats, dental chew pack, cat food sampler, joint supplement for dogs
        @part: smell, bag, size, texture
        @use: my 80 pound lab, a picky old cat, training
        @fact
        She is a picky old cat.
        @delight
        he sits before I have even asked
        her coat has a shine again
        @problem
        it made him sick to his stomach
        she buried it in the yard
        = book
        @product: picture book, coloring book, craft book, field guide, textbook, workbook
        @part: binding, print, +illustrations, paper, index, cover
        @use: my granddaughter, a history class, my nurse training, rainy days
        @fact
        It is a paperback.
        My class required it.
        @delight
        my granddaughter asks for it every night
        the illustrations are worth the price alone
        it explained in ten pages what my teacher could not in a year
        @problem
        pages fell out the first time I opened it
        a whole chapter was printed twice
        somebody had already filled in the answers
        the print is so small I need a lens
        = book
        @consumed
        yes
        @product: novel, history book, biography, poetry collection, memoir
        @part: ending, +chapters, pacing, story, writing, +characters
        @use: our reading group, long winter evenings, the beach
        @fact
        I borrowed it from the library first.
        I read about two books a week.
        @delight
        I underlined something on nearly every page
        I handed it to my neighbor as soon as I was done
        I read it in one sitting
        @problem
        it repeats itself for two hundred pages
        I put it down three times and then for good
        you need a list to keep the names apart
        = digital_ebook_purchase
        @consumed
        yes
        @product: mystery novel, thriller, romance, fantasy series, cozy mystery, space opera,
        ghost story
        @part: ending, +characters, pacing, dialogue, plot, heroine, twist
        @use: my vacation, the train ride, my book club, bedtime reading, a rainy weekend
        @fact
        It is the third in a series.
        I got it in a daily deal.
        It is about three hundred pages.
        I had not read this author before.
        @delight
        I stayed up until three to finish it
        I never saw the twist coming
        the characters stayed with me for days
        I downloaded the next one before breakfast
        I laughed out loud on the bus
        @problem
        there is a typo on every other page
        I skipped whole chapters and missed nothing
        the ending is a cliffhanger to sell the next part
        I could not tell the two brothers apart
        the same sentence turns up again and again
        I gave up at chapter four
        = digital_ebook_purchase
        @consumed
        yes
        @product: cookbook, self-help guide, travel guide, gardening guide
        @part: +recipes, formatting, +chapters, advice, layout
        @use: my diet, our trip, my first garden
        @fact
        I read it on a small tablet.
        @delight
        everything in it uses things I actually have at home
        I have made six of the recipes already
        I changed my mornings because of it
        @problem
        you can find all of it for free in five minutes
        the tables are cut off on the screen
        it is a brochure for the author's courses
        = digital_video_download
        @consumed
        yes
        @product: documentary, comedy special, action movie, period drama, kids movie, horror film,
        concert film
        @part: ending, sound, acting, script, picture, +subtitles, pace
        @use: date night, a sick day, movie night with the kids, a long flight
        @fact
        I rented it on a Saturday.
        It runs a little over two hours.
        I had read the book before.
        @delight
        we were glued to the screen until the credits
        we quoted it all week
        I cried twice and I do not cry
        the kids watched it three times in two days
        @problem
        I fell asleep before the half hour mark
        the sound does not match the lips
        you can guess the ending in ten minutes
        it kept stopping to load
        """
}
