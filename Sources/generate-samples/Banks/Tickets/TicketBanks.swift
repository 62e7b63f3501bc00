/// What customers write to a shop, by the queue that their ticket belongs in.
enum TicketBanks {
    /// The lists, to be read by ``Bank``.
    static let text = """
        = delivery
        @product: order
        @order: 10482, 20917, 33051, 47720, 51936, 60274, 75518, 88203, 91467
        @when: last Monday, two weeks ago, on the 3rd, on Friday, nine days ago, over the weekend
        @thing: the blue kettle, a pair of boots, two lamps, the desk, a winter coat,
        the birthday gift, the printer, three books
        @subject
        Where is my parcel
        Order {order} still not here
        Tracking has not moved
        Wrong address on the label
        Left in the rain
        Only half of my order came
        @body
        I ordered {thing} {when} and the tracking [has not moved|says it is in the depot].
        The courier says that order {order} was handed over, but nobody here signed for it.
        Order {order} came without {thing}. The slip in the box lists it.
        I moved {when}. Can {thing} still go to the new address?
        The driver left {thing} [in the rain|with somebody I do not know|at the wrong door].
        I need {thing} before the weekend. Can you speed up order {order}?
        The date for {thing} has been put off three times now.
        @close
        Please tell me what to do.
        I am at home all day.
        Can somebody call the courier?
        I have attached a photo of the door.
        = returns
        @product: return
        @order: 10511, 20873, 33190, 47655, 51802, 60331, 75426, 88170
        @when: last Monday, two weeks ago, on the 3rd, on Friday, nine days ago, over the weekend
        @thing: the blue kettle, the boots, one of the lamps, the desk, the winter coat, the gift,
        the printer, the rug
        @subject
        How do I send this back
        Return label does not print
        Swap for a larger size
        Return {order}
        Refund for {thing}?
        Past the return date
        @body
        I would like to send {thing} back, it does not fit.
        The return label for order {order} [opens as a blank page|asks for a password|has expired].
        I dropped {thing} off {when} and there is no word of it since.
        Can I swap {thing} for [another color|a larger one|the older model] instead of a refund?
        {Thing} came with a crack. Do I have to send it back in the same box?
        I am a few days past the return date because I was in hospital. Is there any way?
        Order {order} was a gift. Can the refund go to the person who paid?
        @close
        The box is not opened.
        I still have all the wrapping.
        Which post office takes it?
        Thank you for a quick answer.
        = billing
        @product: invoice
        @order: 10399, 20754, 33288, 47519, 51677, 60408
        @when: last Monday, two weeks ago, on the 3rd, on Friday, at the end of the month
        @thing: the blue kettle, the boots, the lamps, the desk, the rug
        @subject
        Charged twice
        Invoice with our company's name
        Gift card not taken off
        Refund has not arrived
        What is this charge
        Please cancel the plan
        @body
        My card was charged twice for order {order}.
        The invoice for {thing} needs our tax number, otherwise accounting will not take it.
        I paid with a gift card and the full amount for {thing} was still taken from my bank.
        You confirmed a refund for {thing} {when} and my account shows nothing.
        There is a charge of [4.99|12.50|29|61.20] that I cannot match with any order.
        The price of {thing} at checkout was lower than what the bank booked.
        I ended my monthly plan {when} and was billed again.
        @close
        A screenshot of the statement is attached.
        Please send a corrected invoice.
        I have to hand in my papers this week.
        = account
        @product: account
        @order: 10260, 20640, 33377
        @when: last Monday, two weeks ago, on the 3rd, since Friday, since the update
        @thing: my wish list, my order history, my saved address, my points
        @subject
        Cannot sign in
        Reset mail never comes
        Please delete my account
        Two accounts, one person
        Change of mail address
        @body
        The reset mail never arrives, not even in the spam folder.
        I cannot sign in {when}, it says the code is [wrong|too old|already used].
        I have two accounts by mistake. Can you move {thing} into one?
        Please delete everything that you store about me and confirm it.
        {Thing} vanished {when}.
        My phone number changed and the code still goes to the old one.
        @close
        I tried two browsers.
        I can prove that the account is mine.
        It is rather urgent.
        = technical
        @product: device
        @order: 10177, 20518, 33402, 47466
        @when: last Monday, after a week, on the first day, after the update, out of nowhere
        @thing: the speaker, the router, the smart lamp, the printer, the watch, the scale
        @subject
        Does not turn on
        App cannot find {thing}
        Error {order} on the display
        Which spare part do I need
        Firmware update stuck
        @body
        {Thing} stopped working {when}. The light blinks [red|orange|and goes dark].
        The app does not find {thing} although both are on the same network.
        The update of {thing} has been stuck at [12|40|99] percent since this morning.
        The display shows error {order} and the manual does not list it.
        Which battery fits {thing}? The number on the old one is worn off.
        {Thing} gets so warm that I do not dare to leave it on.
        @close
        I already tried a reset.
        The serial number is on the photo.
        It worked fine before that.
        = sales
        @product: offer
        @order: 12, 24, 50, 150
        @when: next month, before the holidays, this quarter
        @thing: the desk, the office chair, the floor lamp, the label printer
        @subject
        Price for {order} pieces
        Is {thing} coming back
        Question before I buy
        Do you deliver abroad
        @body
        What would {order} pieces of {thing} cost for a school?
        Will {thing} be in stock again {when}?
        Does {thing} fit through a door of 70 centimeters?
        Do you deliver {thing} to an island, and what does it cost?
        @close
        We would pay by invoice.
        A rough figure is enough.
        """
}
