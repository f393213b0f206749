import Audiences
import ControlAPI
import SegmentModel

extension ContactSegmentAnswer {
    init(_ membership: ContactMembership) {
        self.init(
            id: membership.segment.id, name: membership.segment.name, since: membership.since.description,
            because: ChangeCause(membership.cause), sequence: membership.cause.sequence)
    }
}

extension ComingChangeAnswer {
    init(_ change: ComingChange) {
        self.init(
            at: change.instant.description, segment: SegmentName(change.segment),
            becomes: change.isEntered ? .entered : .left, because: ChangeCause(change.cause),
            sequence: change.cause.sequence)
    }
}

extension ChangeCause {
    fileprivate init(_ cause: MembershipCause) {
        switch cause {
        case .event, .erasure: self = .event
        case .windowEdge: self = .time
        case .definition: self = .definition
        }
    }
}

extension ForecastAnswer {
    init(_ forecast: PendingForecast) {
        self.init(
            frontier: forecast.frontier.description, through: forecast.through.description, pending: forecast.pending,
            examined: forecast.examined,
            changes: forecast.lines.map { line in
                ForecastLineAnswer(
                    at: line.instant.description, segment: SegmentName(line.segment), entered: line.entered,
                    left: line.left)
            },
            changeCount: forecast.lineCount,
            totals: forecast.totals.map { total in
                ForecastTotalAnswer(segment: SegmentName(total.segment), entered: total.entered, left: total.left)
            })
    }
}
