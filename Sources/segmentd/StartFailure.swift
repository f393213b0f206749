import Audiences
import ControlServer

/// Why the daemon did not start, or could not go on: a sentence, and the exit code that tells scripts and systemd.
struct StartFailure: Error {
    let exitCode: Int32
    let message: String

    /// The codes of sysexits(3) that the daemon uses.
    private enum Code {
        static let dataDamaged: Int32 = 65
        static let unavailable: Int32 = 69
        static let software: Int32 = 70
        static let configuration: Int32 = 78
    }

    static func configuration(_ message: String) -> StartFailure {
        StartFailure(exitCode: Code.configuration, message: message)
    }

    private init(exitCode: Int32, message: String) {
        self.exitCode = exitCode
        self.message = message
    }

    init(_ error: any Error) {
        switch error {
        case let failure as StartFailure: self = failure
        case let error as AudienceError: self.init(error)
        case let error as SocketError: self.init(error)
        default: self.init(exitCode: Code.software, message: "The daemon failed: \(error)")
        }
    }

    private init(_ error: AudienceError) {
        let code: Int32 =
            switch error.code {
            case .dataDamaged, .unsupportedFormat: Code.dataDamaged
            case .directoryInUse: Code.unavailable
            case .invalidSetting: Code.configuration
            default: Code.software
            }
        self.init(exitCode: code, message: error.message)
    }

    private init(_ error: SocketError) {
        let code: Int32 =
            switch error.kind {
            case .inUse: Code.unavailable
            case .unusable, .handedOver: Code.configuration
            }
        self.init(exitCode: code, message: error.message)
    }
}
