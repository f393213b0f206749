import SegmentModel

/// A web shop's life as events: customers sign up, buy, come back or do not, open mails or lose interest.
///
/// Comes in: a plan. Goes out: NDJSON in order of arrival, the same bytes for the same plan on every machine.
/// Invariant: whatever happens is an act on the agenda; performing it writes its events and schedules what follows.
/// Memory: some twenty bytes per contact and a few acts of forty. The chance of everything is in this type's files.
struct ShopGenerator {
    let plan: ShopPlan
    let catalog = ShopCatalog()
    let people = ShopPeople()
    let seasons: ShopSeasons
    var random: SeededRandom
    var agenda: ShopAgenda
    var writer: ShopEventWriter
    /// By contact number.
    var contacts: [ShopContact] = []
    /// The number of the latest order.
    var orderNumber: UInt32 = 1_000
    /// The identifiers of the campaigns so far, by campaign number.
    var campaigns: [String] = []
    private var signUps: SignUpSchedule

    /// Bytes handed on at a time, about.
    static let chunkBytes = 1 << 18

    /// A generator that has not begun. Throws what is wrong with the plan.
    init(plan: ShopPlan) throws(ShopPlanError) {
        try plan.validate()
        self.plan = plan
        seasons = ShopSeasons(from: plan.from, dayCount: plan.dayCount)
        random = SeededRandom(seed: plan.seed)
        agenda = ShopAgenda(from: plan.from, dayCount: plan.dayCount)
        writer = ShopEventWriter(plan: plan, catalog: catalog)
        signUps = SignUpSchedule(contacts: plan.contacts, dayCount: plan.dayCount, seasons: seasons)
    }

    /// Generates everything and hands it on in chunks of whole lines. To be called once.
    /// Ends with the error that `take` throws.
    mutating func run<Failure: Error>(_ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        writer.integrationConnected(at: .init(agenda.start(ofDay: 0)))
        while let act = nextAct() {
            perform(act)
            if writer.bytes.count >= Self.chunkBytes { try hand(to: take) }
        }
        writer.finish()
        try hand(to: take)
    }

    private mutating func hand<Failure: Error>(
        to take: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        try take(writer.bytes)
        writer.removeAll()
    }

    private mutating func nextAct() -> ShopAct? {
        while true {
            if let act = agenda.next() { return act }
            guard agenda.advance() else { return nil }
            startDay()
        }
    }

    private mutating func startDay() {
        let start = agenda.start(ofDay: agenda.day)
        for _ in 0..<signUps.imports(onDay: agenda.day) {
            // A list from the time before the shop had this system, read in during the first night.
            let arrival = start.advanced(bySeconds: random.within(60...10_000))
            agenda.schedule(ShopAct(arrival: arrival, contact: 0, kind: .importContact))
        }
        for _ in 0..<signUps.signUps(onDay: agenda.day) {
            let arrival = start.advanced(bySeconds: seasons.secondOfDay(&random))
            agenda.schedule(ShopAct(arrival: arrival, contact: 0, kind: .signUp))
        }
        scheduleCampaign(onDay: agenda.day)
    }

    private mutating func perform(_ act: ShopAct) {
        switch act.kind {
        case .importContact: signUp(at: act.arrival, isImport: true)
        case .signUp: signUp(at: act.arrival, isImport: false)
        case .confirm: confirm(act)
        case .editContact: editContact(act)
        case .unsubscribe: unsubscribe(act)
        case .purchase: purchase(act)
        case .placeLate, .pay, .fulfil, .cancel, .refund, .refundWithoutOrder, .review: continueOrder(act)
        case .sendCampaign: sendCampaign(act)
        case .bounce: bounce(act)
        case .open: open(act)
        case .click: click(act)
        case .browse: browse(act)
        }
    }
}

/// How many contacts sign up on which day: more as the shop grows, more when people buy more.
struct SignUpSchedule {
    private let importCount: Int
    /// How many have signed up by the end of each day.
    private var totals: [Int] = []

    init(contacts: Int, dayCount: Int, seasons: ShopSeasons) {
        importCount = contacts * 12 / 100
        // Twice as many on the last day as on the first.
        let weights = (0..<dayCount).map { day in seasons.strength(day: day) * (dayCount + day) / dayCount }
        let weightTotal = weights.reduce(0, +)
        var weight = 0
        for day in 0..<dayCount {
            weight += weights[day]
            totals.append((contacts - importCount) * weight / weightTotal)
        }
    }

    /// Contacts that the shop brings along.
    func imports(onDay day: Int) -> Int {
        day == 0 ? importCount : 0
    }

    /// Contacts that sign up themselves.
    func signUps(onDay day: Int) -> Int {
        day == 0 ? totals[0] : totals[day] - totals[day - 1]
    }
}
