/// Products, parts, uses, facts, delights and problems: to wear, to eat, to feel well.
enum EnglishPersonal {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = apparel
        @product: rain jacket, winter coat, hoodie, cardigan, wool sweater, fleece vest,
        puffer jacket
        @part: zipper, +sleeves, collar, lining, +pockets, hood, +cuffs
        @use: work, our cruise, a winter trip, football games, walking the dog
        @fact
        I normally wear a large.
        I sized up because of the other reviews.
        I am 6 feet even and 190 pounds.
        It rains here from October to May.
        @delight
        it kept me dry in a downpour that soaked everyone else
        the pockets are deep enough for a phone
        there is room to move in the shoulders
        I get stopped in the street and asked about it
        it weighs nothing and still keeps the wind out
        @problem
        the zipper snags every single time
        the stuffing comes out at the seams
        the sleeves end [above my wrists|at my elbows]
        it soaked through in a drizzle
        it sheds on every shirt I own
        it runs at least two sizes small
        = apparel
        @product: summer dress, linen shirt, blouse, bathrobe, tank top, maxi skirt, swimsuit,
        jumpsuit
        @part: hem, waistband, +buttons, neckline, fabric, +straps, print
        @use: my niece's wedding, a cruise, church, the office, date night, the beach
        @fact
        I am 5'4 and 140 pounds and ordered a medium.
        I am usually between two sizes.
        It is a cotton blend, not pure cotton.
        I had a baby in the spring.
        @delight
        it fits like it was cut for me
        the fabric is softer than it looks in the picture
        it hides [my belly|what it should hide]
        I got compliments from strangers
        it came out of the suitcase without a crease
        @problem
        you can see right through it
        it clings in all the wrong places
        the dye came off on my skin
        the seam under the arm opened after one wash
        a button was gone before I had it on
        the neckline gapes whenever I bend
        = apparel
        @product: +jeans, +leggings, +yoga pants, +pajamas, +boxer briefs, +socks, +work pants,
        +shorts
        @part: waistband, +pockets, fabric, +seams, elastic, zipper
        @use: work, the gym, lounging around the house, long flights, my son's school
        @fact
        I am 5'4 and 140 pounds and ordered a medium.
        I wear a 34 and got a 34.
        They went through the wash five times so far.
        @delight
        they stay up without a belt
        they held their shape after [five|six|ten] washes
        I forget that I have them on
        nothing shows when I squat
        my teenager wears nothing else
        @problem
        the crotch ripped on the second wear
        they slide down with every step
        the fabric pills between the legs
        no way these are a true size
        the elastic was gone after one wash
        they left blue all over my white couch
        = shoes
        @product: +running shoes, +hiking boots, +work boots, +sneakers, +rain boots,
        +walking shoes
        @part: +soles, +laces, insole, heel, toe box, tongue, stitching
        @use: twelve hour shifts, walking the dog, the trail, a week in the city, the treadmill
        @fact
        I wear a wide 9.
        I ordered half a size up.
        I am on concrete all day.
        @delight
        I walked eight miles on the first day without a blister
        my feet do not ache at the end of a shift
        my heel stays put on steep ground
        they look the same after a winter of salt
        @problem
        the sole peeled off like a banana
        they rub my heels raw
        they run a full size small
        water came in at the first puddle
        they squeak with every step
        = shoes
        @product: +sandals, +slippers, +dress shoes, +ballet flats, +high heels
        @part: strap, buckle, +soles, heel, lining, toe
        @use: my son's graduation, the office, a summer wedding, around the house
        @fact
        I have high arches.
        My feet swell in the heat.
        @delight
        they fit straight out of the box
        I danced all night in them
        strangers ask me where I got them
        @problem
        the left one is longer than the right one
        the strap tore out of the sole
        they fell apart in the first rain
        = jewelry
        @product: silver necklace, charm bracelet, anklet, pendant, wedding band, brooch
        @part: clasp, chain, stone, finish, setting, box
        @use: our anniversary, my daughter's graduation, everyday wear, the bridesmaids
        @fact
        I wear it in the shower.
        It is a size 7.
        The chain is eighteen inches.
        @delight
        it catches the light from across the room
        I have not taken it off since it came
        my wife teared up when she opened the box
        people think it is real gold
        @problem
        it turned my skin green
        the stone fell out before dinner was over
        the clasp will not stay shut
        the chain was in a knot that I could not undo
        = jewelry
        @product: +hoop earrings, +stud earrings, nose ring, +ear cuffs
        @part: +posts, +backs, finish, stone
        @use: my piercing, everyday wear, prom
        @fact
        I have a nickel allergy.
        My piercing is two months old.
        @delight
        my ears did not react at all
        I sleep in them and never notice
        @problem
        my ears swelled up within a day
        one back was missing and the other would not hold
        = watch
        @product: dive watch, dress watch, pocket watch, kids watch, leather watch band
        @part: band, clasp, dial, crown, glass
        @use: the office, my nephew, my retirement, weddings
        @fact
        My wrist is about seven inches.
        I wear it every day but Sunday.
        @delight
        it has not lost a second since March
        I can read it in the dark without my glasses
        @problem
        it runs ten minutes fast every day
        there was fog under the glass after washing my hands
        the band broke and it fell on the tiles
        = watch
        @product: smart watch, fitness tracker
        @part: band, display, charger, app
        @use: running, swimming, my daily walk
        @fact
        I walk about four miles a day.
        It talks to an older phone.
        @delight
        it counted my steps to within ten
        three coworkers have asked to try it on
        @problem
        it says I walked two miles while I slept
        it lost all my data with the last update
        = luggage
        @product: carry-on suitcase, garment bag, duffel bag, rolling trunk
        @part: zipper, +wheels, handle, lining, lock
        @use: a two week trip abroad, weekly business flights, our honeymoon
        @fact
        It holds clothes for five days.
        I fly about twice a month.
        @delight
        it rolled through three airports without a complaint
        it came off the belt without a scratch
        @problem
        a wheel broke off before we left the terminal
        the handle got stuck halfway
        it is an inch too tall for the overhead bin
        = luggage
        @product: travel backpack, packing cube set, toiletry bag, laptop bag
        @part: zipper, strap, pocket, lining, mesh
        @use: a weekend away, the commute, a month of trains
        @fact
        It fits under the seat on smaller planes.
        @delight
        everything for ten days went in and it still closed
        my shoulders did not feel it after a full day
        @problem
        the zipper split on the way home
        the strap tore off in the middle of a station
        = beauty
        @consumed
        yes
        @product: face cream, face serum, body lotion, hair mask, cleansing oil, sun lotion
        @part: scent, pump, texture, lid, formula, jar
        @use: my dry skin, my sensitive skin, my fine hair, the winter, my teenage daughter
        @fact
        I have combination skin.
        I put it on after my shower.
        I am in my fifties and new to this kind of thing.
        A bottle holds four ounces.
        @delight
        my skin drank it up and stayed soft until evening
        a pea sized amount covers everything
        my flaky patches were gone in a week
        my sister thought I had slept ten hours
        my skin doctor asked what I had changed
        @problem
        my face was red and itchy by the evening
        the pump broke with half of the stuff still inside
        the scent gave me a headache
        I broke out along the jaw within days
        it sits on top of the skin like glue
        the seal was open and a finger had been in it
        = beauty
        @consumed
        yes
        @product: mascara, lipstick, foundation, eye shadow palette, nail polish set, eyeliner,
        blush
        @part: shade, applicator, formula, lid, brush, color
        @use: everyday makeup, a night out, prom, my wedding day, the stage
        @fact
        My skin is on the pale side.
        I wear glasses.
        I put on two coats.
        @delight
        it did not budge through a twelve hour shift
        the shade melts into my skin
        I cried at a wedding and nothing ran
        my lashes hit my glasses
        one stroke is enough
        @problem
        it turns orange once it dries
        it clumps and flakes before lunch
        I had raccoon eyes by noon
        the shade is two tones off from the swatch
        it was dried out when I opened it
        it chipped on the same day
        = beauty
        @product: curling iron, makeup brush set, hair straightener, false lash kit, makeup mirror
        @part: handle, cord, +bristles, plate, switch, barrel
        @use: my thick hair, travel, dance shows, my daughter
        @fact
        My hair is thick and comes to my waist.
        It takes a minute to heat.
        @delight
        my curls lasted until the next morning
        not one bristle came out
        I am done in ten minutes instead of forty
        @problem
        it singed a strand clean off
        the bristles end up on my cheeks
        it will not heat past lukewarm
        = drugstore
        @consumed
        yes
        @product: vitamin supplement, sleep aid, probiotic, digestive tea, iron tablet bottle,
        bottle of cough syrup, magnesium powder
        @part: taste, label, dosage, cap, smell, coating, scoop
        @use: my night shifts, allergy season, long flights, my father, the cold season
        @fact
        I take two a day with food.
        I am on the second bottle of a similar kind.
        I am 67 and still work part time.
        My doctor suggested something like this.
        @delight
        I noticed a difference by the end of the first week
        it went down without any aftertaste
        I fall asleep within twenty minutes now
        my doctor was surprised at my numbers
        I made it through the winter without a cold
        @problem
        it upset my stomach every time
        I felt no change at all after a full bottle
        the seal was already broken
        it tasted like chalk and old fish
        it expires in two months
        I lay awake with my heart racing
        = drugstore
        @product: knee brace, heating pad, wrist splint, pill organizer, thermometer, ice pack,
        back support
        @part: strap, lid, cover, display, +stays, fastener, cord
        @use: my knees, my husband's back, physical therapy, my mother, an old injury
        @fact
        I had surgery last year.
        I wear it about six hours a day.
        I measured twice around the joint.
        @delight
        my knees let me take the stairs again
        I have cut down on the pain pills
        it stays put under my trousers
        I was back at work within the week
        @problem
        the strap cuts into the back of my leg
        it gave three readings in one minute
        the lids pop open in my bag
        it slides down to my ankle by noon
        it went cold after ten minutes
        = personal_care_appliances
        @product: electric shaver, beard trimmer, epilator, nose hair trimmer
        @part: blade, battery, motor, guard, charger, switch
        @use: my coarse beard, travel, my husband, my sensitive neck
        @fact
        I shave every other day.
        It is the second one in this household.
        @delight
        no nicks and no razor burn
        one charge lasts me the whole month
        @problem
        it pulls hairs instead of cutting them
        the motor died with a burnt smell
        the battery holds for one use at most
        = personal_care_appliances
        @product: hair dryer, electric toothbrush, water flosser, foot massager, neck massager,
        bathroom scale
        @part: nozzle, cord, +heads, switch, motor, display
        @use: my thick hair, sore feet after work, sensitive gums, the whole family
        @fact
        My dentist told me to get one.
        It runs on two settings.
        @delight
        my morning is ten minutes shorter
        my dentist saw the change at the last check up
        the knot I had for years is gone
        @problem
        it shows something different every time
        the cord is too short to reach the mirror
        it quit with a bang and a smell
        = baby_product
        @product: bottle warmer, baby monitor, high chair, stroller organizer, bath seat, bouncer,
        sippy cup
        @part: lid, camera, tray, wheel, cord, cover, battery
        @use: our newborn, the twins, daycare, night feedings
        @fact
        Our son is seven months old.
        This is our second child.
        It was on my registry.
        @delight
        I can work it with one hand
        spills wipe right off
        she calms down the minute she sees it
        it folds flat in the trunk
        @problem
        it leaked milk all over the bag
        it cuts out at night and I never know it
        there was mold inside after two weeks
        he can get out of it by himself
        = baby_product
        @product: swaddle blanket, diaper bag, baby carrier, crib sheet, teething toy
        @part: strap, +snaps, fabric, zipper, buckle
        @use: my sister's baby shower, our newborn, travel with a baby
        @fact
        She was six pounds at birth.
        We go through three a day.
        @delight
        our baby slept five hours straight
        other moms at daycare ask about it
        @problem
        the snaps pop open when she kicks
        the strap digs into my shoulder
        the dye ran in the first wash
        = grocery
        @consumed
        yes
        @product: ground coffee, green tea, hot cocoa mix, cold brew kit, lemonade mix
        @part: flavor, bag, aftertaste, smell, seal, sweetness
        @use: the office break room, my mornings, a gift basket
        @fact
        I drink two cups in the morning.
        My store stopped carrying it.
        @delight
        I canceled my trips to the coffee shop
        the smell alone gets my family out of bed
        @problem
        it tasted stale straight from the bag
        it tastes of cardboard whatever I do
        = grocery
        @consumed
        yes
        @product: bag of trail mix, olive oil, protein bar box, hot sauce, honey jar,
        gluten free pasta, spice blend
        @part: flavor, texture, lid, seal, aftertaste, bag
        @use: my lunch box, our Sunday dinner, my diet, long hikes
        @fact
        I am on a low sugar diet.
        The date on the pack is ten months out.
        @delight
        we emptied it in two days
        my picky eater asked for more
        it tastes like the kind my grandmother made
        @problem
        the jar was broken and the box was sticky
        it is so salty that we threw the rest out
        everything had melted into one lump
        """
}
