import Audiences
import Glibc

// What every audience is given is read from files that come with the program. Where they were not installed, as in a
// build directory, there is none of it; a path that was given must lead somewhere.
extension DaemonSettings {
    private static let installedTemplates = "/usr/share/segmentd/prebuilt"
    private static let installedPlatforms = "/usr/share/segmentd/platforms.json"

    /// The directory that templates are read from; nil: there are none.
    var templateDirectory: String? { prebuiltDirectory ?? Self.ifThere(Self.installedTemplates) }

    /// The file that says what integrations offer; nil: conditions are not checked for it.
    var capabilityFile: String? { platformsFile ?? Self.ifThere(Self.installedPlatforms) }

    /// How contacts are erased.
    var erasure: ErasureSettings {
        ErasureSettings(
            deadlineMicroseconds: erasureDeadline.components.seconds * 1_000_000, listDirectory: erasureList,
            keyFile: erasureKey)
    }

    /// Reads both; what makes no sense is an error that names file and place.
    func provisions() throws(StartFailure) -> AudienceProvisions {
        do throws(AudienceError) {
            var provisions = AudienceProvisions()
            if let templateDirectory { provisions.templates = try SegmentTemplate.read(directory: templateDirectory) }
            if let capabilityFile { provisions.platforms = try PlatformCapabilities.read(file: capabilityFile) }
            return provisions
        } catch {
            throw .configuration(error.message)
        }
    }

    private static func ifThere(_ path: String) -> String? {
        access(path, F_OK) == 0 ? path : nil
    }
}
