/// Products, parts, uses, facts, delights and problems: devices, tools and supplies.
enum EnglishDevices {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = wireless
        @product: phone case, screen protector, phone grip, wallet case, camera lens cover
        @part: +buttons, camera cutout, magnet, corner, back, edge, adhesive
        @use: my work phone, my mother's phone, a new phone, my clumsy teenager,
        the construction site
        @fact
        My phone is the larger model.
        I have a phone that is two years old.
        I drop my phone about twice a week.
        There was a second one in the pack.
        @delight
        my phone survived a fall onto concrete
        every cutout lines up to the millimeter
        you would not know it is there
        it came off after months without a mark
        it went on without a single bubble
        @problem
        the corners lifted and dust crept under
        the buttons need a hammer to press
        it yellowed within weeks
        the screen cracked on the first drop
        it does not fit the model it names
        it slips around like a wet fish
        = wireless
        @product: car charger, power bank, charging cable, charging pad, phone mount, wall plug
        @part: plug, cord, battery, clip, light, suction cup
        @use: my commute, a road trip, my bedside table, the car, festivals
        @fact
        I use it about four hours a day.
        It came with a second cable that I have not opened.
        My case is rather thick.
        @delight
        it fills my phone from empty in about an hour
        I went four days without a socket
        it held on through every pothole
        I stopped carrying my old brick
        @problem
        it stopped charging unless I hold the cord at an angle
        it slid off the dashboard at the first turn
        it gets hot enough to worry me
        the plug bent in its socket
        it drains faster than it charges
        = wireless
        @product: bluetooth headset, +wireless earbuds, selfie stick, neckband headset
        @part: battery, microphone, clip, case, +tips, volume
        @use: my commute, calls at work, the gym, mowing the lawn
        @fact
        I have small ears.
        I wear it about four hours a day.
        @delight
        calls come through without an echo
        it connects before I have sat down
        they did not fall out once on my run
        @problem
        the people I call say I sound like I am under water
        the left side cuts out whenever I turn my head
        it lost the pairing every single morning
        = pc
        @product: keyboard, wireless mouse, graphics tablet, webcam, desk microphone
        @part: +keys, scroll wheel, cable, light, driver, stand
        @use: working from home, my gaming setup, online classes, video calls
        @fact
        My laptop is from 2019.
        It runs on the older operating system too.
        @delight
        it was recognized the second I plugged it in
        my typing speed went up
        everyone on the call noticed the difference
        the battery has not needed a change since spring
        @problem
        it disconnects every few minutes
        the scroll wheel jumps backwards
        the keys double type half of the time
        the driver is nowhere to be found
        = pc
        @product: laptop stand, usb hub, external drive, monitor cable, router, laptop fan,
        laptop sleeve
        @part: port, hinge, cable, fan, light, casing
        @use: the office laptop, my old desktop, working from home, a home server
        @fact
        I plugged it in and that was it.
        I have had three of these from other makers.
        @delight
        copying a full drive took minutes
        the fan is so quiet I checked whether it was running
        the dead spot upstairs is gone
        @problem
        one of the ports was dead on arrival
        it gets so hot that I unplug it at night
        it lost a folder of family pictures
        = electronics
        @product: bluetooth speaker, +headphones, radio, sound bar, voice recorder
        @part: battery, volume knob, bass, cord, +ear pads, antenna
        @use: the kitchen, the shower, my workshop, plane trips, the patio
        @fact
        It is on about three hours a day.
        I compared it with the one my brother has.
        @delight
        the sound fills the whole downstairs
        it plays all weekend on one charge
        I hear instruments I never noticed before
        @problem
        it loses the signal when someone walks past
        the battery is flat after forty minutes
        there is a hiss at any volume
        one side went silent
        = electronics
        @product: streaming stick, hdmi cable, universal remote, tv mount, portable projector,
        alarm clock
        @part: remote, display, bracket, light, plug, menu
        @use: our living room tv, the bedroom, my father's place, movie night
        @fact
        The tv is a 55 inch.
        Set up asks for an account.
        @delight
        set up took less than a song
        the picture has no lag at all
        my father can work it without calling me
        @problem
        it needs to be pointed just so
        it turned itself on in the middle of the night
        the picture drops out every ten minutes
        = camera
        @product: tripod, camera bag, lens filter, camera strap, ring light
        @part: mount, quick release plate, clip, padding, leg, ring
        @use: wildlife photos, a wedding shoot, my video channel, hiking
        @fact
        I shoot mostly outdoors.
        I own two bodies and four lenses.
        @delight
        it kept my gear safe in a downpour
        my long exposures are sharp at last
        @problem
        it slips under a small camera
        it puts a purple cast on everything
        = camera
        @product: security camera, memory card, trail camera, spare battery pack
        @part: lens, motion sensor, app, case, label
        @use: our driveway, the barn, a long trip
        @fact
        It guards the garage.
        @delight
        I can read a license plate at night
        not one corrupt file in two thousand shots
        @problem
        it alerts me to every leaf and misses every person
        it lost a whole day of pictures
        = video_games
        @product: game controller, gaming headset, console case, charging dock, controller grip set
        @part: +triggers, left stick, microphone, cord, light
        @use: my son's console, game night, the holidays
        @fact
        My kids share it.
        I play on weekends.
        @delight
        the sticks feel like new after months
        nobody hears me through the wall any more
        @problem
        the left stick drifts to the side on its own
        it drops out in the middle of a match
        = video_games
        @consumed
        yes
        @product: racing game, puzzle game, role playing game, farming game
        @part: story, +graphics, save system, +controls, soundtrack
        @use: my son's console, long flights, the holidays
        @fact
        I am about twenty hours in.
        @delight
        I lost a whole weekend to it
        my kids and I finally play together
        it loads before I can pick up the controller
        @problem
        it crashed and ate my save file
        every new level asks for more money
        = automotive
        @product: dash camera, tire inflator, battery jumper, phone holder, trailer light kit,
        +headlight bulbs, car vacuum
        @part: hose, suction cup, wiring, gauge, bracket, switch, plug
        @use: my old pickup, the minivan, my daughter's first car, towing the camper,
        the company truck
        @fact
        It went on a truck with 140,000 miles.
        I installed it myself in the driveway.
        I checked the part number twice.
        @delight
        it started a dead engine on the first try
        hooking it up took ten minutes with one screwdriver
        it holds pressure to the pound
        it paid for itself at the first stop
        @problem
        the bracket cracked in the first cold snap
        one side burned out in a month
        it drained my battery overnight
        there were no screws in the bag
        it blew a fuse as soon as I plugged it in
        = automotive
        @product: floor mat set, seat cover, +wiper blades, windshield sun shade, cargo organizer,
        steering wheel cover
        @part: clip, rubber, fabric, strap, edge, hook
        @use: my old pickup, the minivan, winter driving, the dogs in the back
        @fact
        I live where summers hit 110 degrees.
        We have two dogs who shed.
        @delight
        {it} fit my truck like the factory part
        not a streak in the heaviest rain
        mud hoses right off
        my car is twenty degrees cooler at noon
        @problem
        {it} did not fit although the chart said so
        {it} chattered across the glass from day one
        it slides under the pedals
        the smell of rubber would not leave
        = office_product
        @product: gel pen set, planner, sticky note pack, white board, marker set, notebook
        @part: ink, paper, +rings, cover, adhesive, binding
        @use: my classroom, bullet journaling, the front desk, nursing school
        @fact
        I teach second grade.
        The pack had twelve in it.
        I am left handed and smear everything.
        @delight
        the ink never bleeds through
        my students noticed right away
        the pages lie flat from the first day
        @problem
        half of the pens were dried out
        the ink smears as soon as you touch it
        the rings do not close all the way
        it ghosts after one wipe
        = office_product
        @product: paper shredder, desk organizer, label maker, ink cartridge, stapler, laminator,
        filing box
        @part: hinge, tray, spring, cover, lid, slot
        @use: tax season, the front desk, my home office, our church office
        @fact
        I go through about one a month.
        It sits next to my printer.
        @delight
        my desk is finally clear
        it ate through ten years of old bills
        the labels survive the dishwasher
        @problem
        my printer refuses to recognize it
        it jams on the third sheet
        it was empty after forty pages
        = industrial_supplies
        @product: +nitrile gloves, safety vest, +respirator filters, shop towel roll
        @part: coating, strap, seal, packaging
        @use: the machine shop, a paint job, our warehouse
        @fact
        We order these by the case.
        @delight
        they hold up to solvent all day
        the crew stopped complaining
        @problem
        they tear as soon as you put them on
        the box was forty short
        = industrial_supplies
        @product: digital caliper, pipe fitting set, hose clamp kit, caster wheel set,
        label tape roll
        @part: thread, scale, adhesive, packaging, screw
        @use: the machine shop, a plumbing job, the lab
        @fact
        I run a two man shop.
        The spec sheet says stainless.
        @delight
        it agrees with my calibrated gauge to a hair
        everything seats by hand
        @problem
        the threads are cut so badly they will not start
        it drifts every time it gets cold
        = musical_instruments
        @product: acoustic guitar, ukulele, +guitar strings, +drum sticks, travel keyboard
        @part: +tuning pegs, neck, bridge, finish, tone
        @use: my first lessons, our worship band, my daughter's recital
        @fact
        I am a complete beginner.
        My teacher looked it over.
        @delight
        the tuning holds from the first song to the last
        the tone opened up after a week
        my daughter practices without being asked
        @problem
        the tuning is gone after two songs
        there is a buzz on the third fret
        one snapped before the first chorus
        = musical_instruments
        @product: guitar strap, keyboard stand, clip-on tuner, microphone stand, capo
        @part: clip, leg, knob, display, leather
        @use: a street gig, our worship band, the rehearsal room
        @fact
        I have played for eleven years.
        @delight
        it held my heaviest bass all night
        it reads right in a noisy bar
        @problem
        it sinks under its load
        it let go and my guitar hit the floor
        """
}
