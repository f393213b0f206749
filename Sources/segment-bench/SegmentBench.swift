import ArgumentParser

/// Measures the engine on this machine; fails only on wrong results.
@main
struct SegmentBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment-bench",
        abstract: "Measures how fast segments are kept current, over a log on disk and on a virtual clock.",
        discussion: """
            Two steps, so that the second is a process that has not seen the events' text:

              segment-bench log --workload DIR --log LOG
              segment-bench engine --workload DIR --log LOG --segments segments.json

            DIR holds segmentd.ndjson, later events in segmentd_batch_0.ndjson, segmentd_batch_1.ndjson … and, to check
            the results, members.txt. `scripts/bench engine` makes such a directory and runs both steps.
            """,
        subcommands: [
            LogCommand.self, EngineCommand.self, DefinitionsCommand.self, LimitsCommand.self, ClientsCommand.self,
        ])
}
