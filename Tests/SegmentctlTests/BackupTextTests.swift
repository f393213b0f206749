import ControlAPI
import Testing

@testable import segmentctl

@Suite("Backups and damage as text")
struct BackupTextTests {
    private let backup = BackupAnswer(
        path: "/backups/nightly", at: "2026-03-01T10:00:00Z", bytes: 1_234_567,
        audiences: [
            AudienceBackupAnswer(
                id: "shop", lastSequence: 12_345, definitions: 7, recipientLists: 2, digest: "00ab12cd",
                bytes: 1_234_567)
        ])

    @Test("A backup says where it is and what is in it")
    func written() {
        #expect(
            BackupText.text(backup, width: nil, style: .plain) == """
                Backup  /backups/nightly
                As of   2026-03-01T10:00:00Z
                Size    1.2 MB

                AUDIENCE  EVENTS  DEFINITIONS  LISTS    SIZE  DIGEST
                shop      12,345            7      2  1.2 MB  00ab12cd

                """)
    }

    @Test("A list that was damaged already is named")
    func damaged() {
        var backup = backup
        backup.audiences[0].damagedLists = ["spring\u{1B}[2J"]
        let text = BackupText.text(backup, width: nil, style: .plain)
        #expect(text.contains("shop: the recipient list of “spring"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("Progress names the audience and counts those that are done")
    func progress() {
        let progress = BackupProgressAnswer(
            path: "/b", startedAt: "2026-03-01T10:00:00Z", audience: "shop", audiencesDone: 1, audiences: 4)
        #expect(BackupText.line(progress) == "[#####---------------]  copying and checking shop, 1 of 4 audiences done")
    }

    @Test("The status says what was built anew, what a scrub found, and that there is no reserve")
    func status() {
        var audience = AudienceStatusAnswer(
            id: "shop", name: "Shop", frontier: "2026-03-01T10:00:00Z", lastSequence: 1, appliedSequence: 1, pending: 0,
            contacts: 1, segments: 0)
        audience.repairs = ["The index was damaged: reasons."]
        audience.scrub.fault = "Audience “shop”: block 7."
        let status = StatusAnswer(
            version: "1", now: "2026-03-01T10:00:00Z", uptimeSeconds: 1, dataDirectory: "/d", sockets: [],
            audiences: [audience], lastBackup: backup, reserveHeld: false)
        let text = StatusCommand.text(status, socket: "/s", width: nil, .plain)
        #expect(text.contains("Last backup  2026-03-01T10:00:00Z, /backups/nightly\n"))
        #expect(text.contains("NOT HELD"))
        #expect(text.contains("shop: built anew at the start. The index was damaged: reasons.\n"))
        #expect(text.contains("shop: THE LAST SCRUB FOUND DAMAGE: Audience “shop”: block 7.\n"))
    }
}
