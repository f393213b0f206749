import ControlAPI
import Testing

extension EndToEnd {
    @Suite("Edits through the client")
    struct EditTests {
        @Test("An edit shows its difference, needs --yes where it moves members, and can be taken back")
        func edits() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                try await WideEvents.prepare(daemon)
                try await daemon.importEvents(try WideEvents(count: 9, in: home).path)
                try await daemon.untilAllIsApplied()
                let all = try await daemon.answer(SegmentAnswer.self, "segment", "show", "Everyone").count
                #expect(all == 9)
                let none = #"{"tag": "nobody has this"}"#
                let refused = try await daemon.control("segment", "edit", "Everyone", "--where", none)
                #expect(refused.code == 64, "\(refused)")
                #expect(refused.output.contains("Would leave"), "\(refused)")
                #expect(refused.errors.contains("needs --yes"), "\(refused)")
                let renamed = try await daemon.control("segment", "edit", "Everyone", "--name", "All")
                #expect(renamed.code == 0, "\(renamed)")
                let edited = try await daemon.control("segment", "edit", "All", "--where", none, "--yes").succeeded()
                #expect(edited.output.contains("0 entered, \(all) left, 0 stayed."), "\(edited)")
                let back = try await daemon.answer(
                    SegmentAnswer.self, "segment", "revision", "restore", "All", "1", "--yes")
                #expect(back.name == "everyone" && back.revision == 4 && back.count == all)
                let list = try await daemon.answer(RevisionList.self, "segment", "revision", "list", "Everyone")
                #expect(list.revisions.map(\.restored) == [1, nil, nil, nil])
                let rerun = try await daemon.control("segment", "rerun", "Everyone").succeeded()
                #expect(rerun.output.contains("0 differences at "), "\(rerun)")
                let deleted = try await daemon.control("segment", "delete", "Everyone", "--yes").succeeded()
                #expect(deleted.output.hasPrefix("Deleted "), "\(deleted)")
            }
        }
    }
}
