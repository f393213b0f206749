import Audiences
import SegmentModel
import TestSupport

/// Whether an audience's answers are those of the reference evaluator, about the definitions and lists of a ledger.
struct AnswerCheck {
    private let answer: Findings
    private let ledger: Ledger
    private let events: [LoggedEvent]
    /// The sequence of each contact's erasure.
    private let erasures: [Identifier: UInt64]
    private let context: EvaluationContext

    /// - Parameter events: as they were sent.
    init(_ answer: Findings, ledger: Ledger, events: [LoggedEvent]) throws {
        self.answer = answer
        self.ledger = ledger
        self.events = events
        erasures = events.erasures
        context = EvaluationContext(zone: try TimeZoneRules.installed("UTC"), currency: "EUR")
    }

    func run() throws {
        var possible = PossibleDefinitions()
        var lists = answer.lists
        for entry in ledger.lanes[0] {
            if case .send(let segment, let campaign) = entry.step {
                let index = lists.firstIndex { $0.list.campaign.text == campaign }
                if let index {
                    guard entry.outcome != .unsent else {
                        throw Violation("“\(campaign)” was sent without being asked")
                    }
                    try check(lists.remove(at: index), of: possible.conditions[segment] ?? [])
                } else if entry.outcome == .acknowledged {
                    throw Violation("the recipient list of “\(campaign)” is gone")
                }
            } else {
                try possible.take(entry)
            }
        }
        if let list = lists.first { throw Violation("“\(list.list.campaign)” was sent without being asked") }
        try check(possible)
        for members in answer.segments {
            let condition = try Condition(parsing: members.segment.definition)
            let expected = self.members(of: condition, at: members.frontier, through: answer.sequence)
            guard members.ids == expected.map(\.id) else {
                throw Violation("“\(members.segment.name)” has other members than the reference at \(members.frontier)")
            }
        }
    }

    private func check(_ possible: PossibleDefinitions) throws {
        let saved = Dictionary(grouping: answer.segments) { $0.segment.name }
        for name in Set(saved.keys).union(possible.conditions.keys).sorted() {
            let found = try saved[name]?.first.map { try Condition(parsing: $0.segment.definition) }
            guard (possible.conditions[name] ?? [nil]).contains(found), (saved[name]?.count ?? 0) <= 1 else {
                throw Violation("the segment “\(name)” is not as it was saved: \(found.map { "\($0)" } ?? "gone")")
            }
        }
    }

    /// The list holds whom the reference finds at its frontier, by a definition that the segment then had.
    private func check(_ found: Findings.Recipients, of conditions: Set<Condition?>) throws {
        let list = found.list
        let matches = conditions.contains { condition in
            guard let condition else { return false }
            let members = members(of: condition, at: list.frontier, through: list.sequence)
            let reached = members.filter { $0.attributes[.known(.email)] != nil }
            let left = reached.map(\.id).filter { contact in
                let isErasedSince = erasures[contact] ?? 0 > list.sequence
                return !isErasedSince || !answer.isWorkedOff && found.ids.contains(contact)
            }
            return left == found.ids && members.count == list.members && reached.count == list.recipients
        }
        guard matches else {
            throw Violation("the recipients of “\(list.campaign)” are not those the reference finds")
        }
    }

    private func members(of condition: Condition, at instant: Instant, through sequence: UInt64) -> [Contact] {
        let visible = events.filter { $0.sequence <= sequence && $0.visibleAt <= instant }
        let evaluator = ReferenceEvaluator(context: context)
        return ReferenceFold.contacts(from: visible).values
            .filter { evaluator.isTrue(condition, of: $0, at: instant) }
            .sorted { $0.id < $1.id }
    }
}

/// The definitions that each segment may have, as far as the ledger tells; nil: there is no such segment.
private struct PossibleDefinitions {
    private(set) var conditions: [String: Set<Condition?>] = [:]

    mutating func take(_ entry: Ledger.Entry) throws {
        guard entry.outcome != .unsent else { return }
        let (name, condition): (String, Condition?)
        switch entry.step {
        case .save(let saved, let number), .edit(let saved, let number):
            (name, condition) = (saved, try Shop.condition(number))
        case .delete(let deleted): (name, condition) = (deleted, nil)
        case .create, .events, .send, .erase, .pass, .restart: return
        }
        if entry.outcome == .acknowledged {
            conditions[name] = [condition]
        } else {
            conditions[name, default: [nil]].insert(condition)
        }
    }
}

extension [LoggedEvent] {
    /// The sequence of the erasure of each contact that is erased.
    var erasures: [Identifier: UInt64] {
        reduce(into: [:]) { erasures, event in
            if case .contactErased(let contact) = event.event.fact { erasures[contact] = event.sequence }
        }
    }
}
