/// Products, parts, uses, facts, delights and problems: things for the house and the yard.
enum EnglishHousehold {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = home
        @product: throw blanket, duvet cover, comforter, mattress topper, +bed sheets,
        +pillowcases, quilt, memory foam pillow
        @part: stitching, fabric, color, +seams, +corners, lining, filling, elastic
        @use: the guest room, our bedroom, a college dorm, my daughter's first apartment,
        the rental cabin, the bunk beds
        @fact
        It is for a queen size bed.
        We have two dogs and a toddler, so everything gets washed a lot.
        I washed it on cold and [hung it up|tumbled it on low].
        I am a hot sleeper.
        My mattress is fourteen inches deep.
        @delight
        {it} came out of the wash [without a single loose thread|softer than before]
        I sleep [through the night|like a rock] since we have {them}
        {it} {is} heavy without being hot
        guests keep asking where {it} came from
        the corners stay put all night
        my neck stopped hurting within a week
        @problem
        {it} left lint all over the [floor|dryer|room]
        {it} shrank [two|three|four] inches in the first wash
        {it} smelled like a gas station for a week
        the stitching came loose along one edge
        I wake up drenched under {them}
        {it} went flat as a pancake
        = home
        @product: area rug, bath mat, +curtains, shower curtain, door mat, table runner,
        +blackout panels
        @part: backing, weave, color, hem, +grommets, edge, pattern
        @use: the living room, our hallway, the bathroom, the nursery, a rented flat,
        the front door
        @fact
        The color on my screen was [closer to gray|a bit darker|more of a beige].
        The window is 84 inches tall.
        We have hardwood floors.
        It spent two days rolled out before the creases went.
        @delight
        the color matches our walls to the shade
        not a foot slides on {them}
        {it} keep{s} the room dark until noon
        {it} warmed up the whole room
        [three|four] muddy paws later {it} still look{s} new
        @problem
        the edges curl up and trip everybody
        {it} {is} so thin you can see light through {them}
        the color in person is nothing like the listing
        the rubber on the back crumbled onto the tiles
        the creases never came out
        {it} hung four inches short
        = home
        @product: wall clock, table lamp, picture frame, scented candle, laundry hamper,
        storage bin, essential oil diffuser, wall shelf
        @part: glass, shade, finish, lid, base, hook, frame, switch
        @use: the living room, my desk, the mantel, our entry, a housewarming, the kitchen wall
        @fact
        It hangs next to the window.
        The picture shows it next to a plant, which does not help with the size.
        I dust it about once a week.
        @delight
        you cannot hear {them} at all
        {it} made the corner of the room
        visitors [walk right up to|comment on] {them}
        {it} look{s} like something from a boutique
        the light is warm and just enough to read by
        @problem
        the glass was in a hundred pieces
        {it} tick{s} so loud I moved {them} to the garage
        it fell off the wall in the first night
        the scent was gone after one evening
        the finish rubbed off on my fingers
        one side is visibly longer than the other
        = kitchen
        @product: nonstick pan, baking sheet, dutch oven, muffin tin, sauce pan, griddle,
        pizza stone
        @part: lid, handle, coating, rim, base, knob
        @use: Sunday breakfast, holiday baking, our small kitchen, weeknight dinners, camping
        @fact
        I have a gas stove.
        I hand wash everything.
        We cook at home most nights.
        It weighs about five pounds.
        @delight
        eggs slide right off
        {it} cleaned up with a quick rinse
        {it} heat{s} evenly right to the edge
        my bread finally has a proper crust
        burnt cheese lifts off in one piece
        @problem
        the coating started flaking into the food
        rust spots showed up after one trip through the dishwasher
        the handle got too hot to hold
        it burns everything in the middle and leaves the edges raw
        it warped on the first high heat
        everything sticks, oil or no oil
        = kitchen
        @product: coffee grinder, electric kettle, blender, toaster, hand mixer, ice cream maker,
        food scale, slow cooker
        @part: lid, button, base, cord, motor, jar, display
        @use: my morning coffee, smoothies, meal prep, our office kitchen, baby food
        @fact
        It takes up about a foot of counter.
        It runs on the middle setting most of the time.
        The cord is a little over two feet.
        @delight
        the water boils before I have found a cup
        it cuts my prep time in half
        it crushes ice like it was nothing
        the reading is right to the gram
        the whole machine comes apart for cleaning
        @problem
        water leaks out around the base
        it smells of burnt plastic whenever it runs
        it walked off the counter while I was stirring
        one side comes out black and the other white
        it wakes up the whole house
        the switch stuck on and would not go off
        = kitchen
        @product: knife set, cutting board, garlic press, salad spinner, can opener,
        vegetable peeler, mixing bowl, spice rack, +measuring cups
        @part: blade, handle, edge, +feet, hinge, lid, grip
        @use: meal prep, our first kitchen, my father's cooking classes, a wedding shower, camping
        @fact
        I am left handed.
        I cook for six.
        It goes through the dishwasher.
        @delight
        {it} went through a squash like butter
        my arthritis does not stop me any more
        {it} did not wander on the counter
        cleaning takes ten seconds
        two families of cooks have fought over {them}
        @problem
        {it} bent on the first carrot
        the marks wore off in the dishwasher
        it split right down the middle
        it mangles more than it cuts
        the handle turns in my hand
        = furniture
        @product: bookshelf, coffee table, tv stand, nightstand, shoe rack, dresser, bed frame
        @part: +legs, drawer, +screws, veneer, +pre-drilled holes, back panel, top
        @use: the home office, our den, my son's room, the hallway, a studio apartment
        @fact
        It took the two of us an hour and a half.
        The box weighed about 70 pounds.
        It stands on carpet.
        @delight
        every hole lined up and nothing was left over
        it does not wobble on our old floors
        it looks like it cost three times as much
        the drawers slide without a sound
        @problem
        one leg is shorter than the others
        the veneer chipped while we put it together
        the holes were drilled on the wrong side
        the drawer bottom fell out under a few shirts
        = furniture
        @product: office chair, bar stool, recliner, folding chair, bean bag
        @part: seat, back rest, armrest, +casters, padding, lever
        @use: the home office, the kitchen island, our den, game nights
        @fact
        I am not a small guy.
        I sit about nine hours a day.
        @delight
        I can sit in it for a whole work day
        my back stopped complaining
        it went together with one tool
        @problem
        the seat sinks all the way down by noon
        a caster popped off and dumped me on the floor
        the cover split along the seam
        it leans to the left
        = home_improvement
        @product: faucet, shower head, toilet seat, sink strainer, water filter, bidet attachment
        @part: gasket, hose, finish, valve, knob, thread, spray
        @use: the guest bathroom, our kitchen remodel, a rental unit, the basement
        @fact
        I am handy but no plumber.
        The house was built in 1962.
        It replaced one that was twelve years old.
        @delight
        the water pressure doubled
        everything lined up with the old holes
        not one drop under the sink
        the finish hides fingerprints
        @problem
        it dripped from the first day
        the finish is peeling off in strips
        the threads did not match any pipe in the house
        the hose burst while we were out
        = home_improvement
        @product: door lock, ceiling light, smoke detector, light switch, cabinet handle set,
        wall hook set, tool box, stud finder, drill bit set
        @part: +screws, bracket, wiring, latch, template, cover, housing
        @use: the garage, the back door, my workshop, the basement, the kids' room
        @fact
        I followed the video, not the leaflet.
        The walls here are plaster.
        It took one trip to the fuse box.
        @delight
        I had it on the wall in fifteen minutes
        our electrician asked for the part number
        it closed a gap that two handymen gave up on
        it has taken real weight for months
        @problem
        the screws stripped before they were tight
        it buzzes day and night
        the template is off by half an inch
        it goes off at three in the morning for no reason
        = lawn_and_garden
        @product: garden hose, hedge trimmer, leaf blower, weed puller, watering can,
        +pruning shears, sprinkler
        @part: nozzle, handle, +fittings, blade, spring, trigger
        @use: the tomato bed, the front walk, my rose bushes, the vegetable garden, the back fence
        @fact
        My yard is about a quarter acre.
        I left it in the box until spring.
        I am seventy and still do my own yard.
        @delight
        I pulled a whole bed of weeds without bending once
        I finished the hedge before the coffee was cold
        {it} coiled up without a single kink
        thick branches are no match for {them}
        @problem
        the fittings leak no matter how tight I turn them
        the handle snapped on a dandelion
        {it} rusted before the summer was over
        it kinks if you look at it
        = lawn_and_garden
        @product: bird feeder, solar light set, patio umbrella, grill cover, raised bed kit,
        mosquito trap, wind chime
        @part: stake, panel, coating, pole, hook, seam, roof
        @use: our patio, the balcony, the front walk, my mother's yard, the pool
        @fact
        We get full sun from nine to four.
        It sat outside all winter.
        Our storms are no joke.
        @delight
        it came through a hail storm without a dent
        the first birds showed up within the hour
        we sit outside until midnight now
        the color has not faded one bit
        @problem
        it died after the first rain
        squirrels wrecked it in one day
        a light wind tipped it over
        water pools in the middle and stays there
        = other
        @product: party banner, balloon arch, photo booth prop set, craft ribbon, flag,
        sticker sheet
        @part: print, string, +letters, glue, color, edge
        @use: our anniversary party, a school play, the office farewell, a baby shower, the parade
        @fact
        There were twenty in the pack.
        We set it up on a Friday night.
        I needed it for one day only.
        @delight
        it made the whole hall look festive
        everybody took pictures in front of it
        it went up in five minutes with two people
        we will put it up again next year
        it looked as if we had paid a decorator
        @problem
        the glue did not hold for an hour
        two letters were missing and one was upside down
        it ripped when we unrolled it
        the print was blurry
        it came the day after the party
        the string was tangled beyond saving
        = other
        @product: key chain, greeting card box, wall calendar, gift card holder, magnet set,
        wallet insert, reading lens
        @part: clasp, print, paper, hinge, edge, packaging, ring
        @use: my desk, the teachers, stocking stuffers, our church sale, a colleague
        @fact
        It came in a padded envelope.
        I keep one in the car.
        I carry it every day.
        @delight
        it has not bent or faded in my pocket
        three coworkers asked for the link
        the paper has a lovely weight to it
        it clicks shut with a sound like a good door
        @problem
        the ring opened and I lost my keys
        it starts in July for some reason
        the corners came bent in half
        the magnet could not hold a receipt
        half of the envelopes were the wrong size
        """
}
