import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// Catching up in the middle of a life, when truths are known already.
@Suite struct KnownTruthsTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `following, catching up and following again is exact`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        let engine = MembershipEngine(context: script.context, threads: 2)
        // Every contact counts as a heavy one, whose history is kept between events.
        if seed % 2 == 1 { engine.heavyRecordBytesMin = 0 }
        for (id, condition) in script.definitions { engine.define(id, as: condition) }
        let (first, second) = (script.end(ofInstantAt: 50), script.end(ofInstantAt: 100))
        follow(engine, script.log[..<first])
        engine.beginCatchUp()
        for event in script.log[first..<second] { engine.fold(event) }
        engine.endCatchUp(at: script.log[second - 1].visibleAt)
        script.compare(engine, Array(script.log[..<second]))
        follow(engine, script.log[second...])
        engine.advance(to: script.end)
        script.compare(engine, script.log)
        engine.advance(to: script.end.advanced(byMicroseconds: 40 * 86_400_000_000))
        script.compare(engine, script.log)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a segment built while catching up cuts over exactly`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        let engine = MembershipEngine(context: script.context, threads: 2)
        // The first half knows truths to begin from, the second evaluates everything.
        if seed < 4 { engine.define("other", as: .tag("vip")) }
        let first = script.end(ofInstantAt: 50)
        follow(engine, script.log[..<first])
        for (id, condition) in script.definitions {
            let build = engine.prepare(condition)
            let findings = build?.run()
            engine.beginCatchUp()
            if id == script.definitions[0].id { for event in script.log[first...] { engine.fold(event) } }
            engine.endCatchUp(at: script.end)
            if let build, let findings {
                engine.install(build, findings: findings, as: id)
            } else {
                engine.define(id, as: condition)
            }
        }
        script.compare(engine, script.log)
    }

    @Test func `a condition that goes while a segment with it is built is looked at again`() throws {
        let script = try Script(seed: 1)
        let engine = MembershipEngine(context: script.context)
        let buyers = try Condition(parsing: ["activity": "order"], types: [:])
        let openers = try Condition(parsing: ["activity": "open"], types: [:])
        engine.define("buyers", as: buyers)
        follow(engine, script.log[...])
        let count = try #require(engine.snapshot().count(of: "buyers"))
        #expect(count > 0)
        let build = try #require(engine.prepare(.any([buyers, openers])))
        let findings = build.run()
        engine.remove("buyers")
        engine.install(build, findings: findings, as: "both")
        engine.define("buyers", as: buyers)
        #expect(engine.snapshot().count(of: "buyers") == count)
        #expect(engine.snapshot().count(of: "both") ?? 0 >= count)
    }

    @Test func `a definition made while catching up is evaluated for all contacts`() throws {
        let script = try Script(seed: 2)
        let engine = MembershipEngine(context: script.context)
        engine.define("other", as: .tag("vip"))
        let first = script.end(ofInstantAt: 100)
        follow(engine, script.log[..<first])
        engine.beginCatchUp()
        for event in script.log[first...] { engine.fold(event) }
        for (id, condition) in script.definitions { engine.define(id, as: condition) }
        engine.endCatchUp(at: script.end)
        script.compare(engine, script.log)
    }

    private func follow(_ engine: MembershipEngine, _ events: ArraySlice<LoggedEvent>) {
        for event in events { engine.fold(event) }
        if let last = events.last { engine.advance(to: last.visibleAt) }
    }
}

extension Script {
    /// How many events have become visible when the one at that place has.
    fileprivate func end(ofInstantAt place: Int) -> Int {
        log.count { $0.visibleAt <= log[place].visibleAt }
    }
}
