import ControlAPI
import Testing

@testable import segmentctl

@Suite("Erasures as text")
struct ErasureTextTests {
    @Test("An erasure says from when the contact is in no answer, and by when it is gone")
    func erasure() {
        let erasure = ErasureAnswer(
            contact: "eva", sequence: 1_204, recordedAt: "2026-03-01T12:00:00Z", visibleAt: "2026-03-01T14:00:00Z",
            goneBy: "2026-03-02T14:00:00Z")
        #expect(
            ErasureText.text(erasure) == """
                Contact                 eva
                Sequence                1,204
                In no answer from       2026-03-01T14:00:00Z
                Gone from all files by  2026-03-02T14:00:00Z

                """)
    }

    @Test("The status says what is done, what waits, and why the last pass failed")
    func status() {
        let status = ErasureStatusAnswer(
            frontier: "2026-03-01T12:00:00Z", done: 1_000, waiting: 2, pending: 1, nextPassAt: "2026-03-01T18:00:00Z",
            goneBy: "2026-03-02T12:00:00Z", failure: "No room left.")
        #expect(
            ErasureText.text(status) == """
                Done                1,000
                Waiting for a pass  2
                Pending             1
                Next pass           2026-03-01T18:00:00Z (in 6 h)
                Gone by             2026-03-02T12:00:00Z (in 1 d)
                Failed              No room left.
                Frontier            2026-03-01T12:00:00Z

                """)
        #expect(ErasureText.sentence(status) == "the erasure pass failed: No room left.")
        var waiting = status
        waiting.failure = nil
        #expect(ErasureText.sentence(waiting) == "2 erasures to be worked off by the pass at 2026-03-01T18:00:00Z")
        #expect(ErasureText.sentence(ErasureStatusAnswer(frontier: "2026-03-01T12:00:00Z")) == nil)
    }

    @Test("A pass says what it did, or that there was nothing to do")
    func pass() {
        let pass = ErasurePassAnswer(
            frontier: "2026-03-01T12:00:00Z", erasures: 1, events: 1_500, recipients: 2, durationSeconds: 0.5)
        #expect(
            ErasureText.text(pass)
                == "Worked off 1 erasure: 1,500 events blanked, 2 rows of recipient lists, at 2026-03-01T12:00:00Z\n")
        var nothing = pass
        nothing.erasures = 0
        #expect(ErasureText.text(nothing) == "No erasure waits for a pass at 2026-03-01T12:00:00Z.\n")
    }
}
