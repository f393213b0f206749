/// Bytes on disk per event.
enum LogSize {
    static func figures(of directory: String, events: Int) -> [Figure] {
        let log = Double(Files.size(directory + "/log/data.mdb")) / Double(events)
        let index = Double(Files.size(directory + "/index/data.mdb")) / Double(events)
        return [
            Figure(
                key: "disk", title: "log and index on disk, per event", unit: .bytes, values: [log + index], goal: 80),
            Figure(key: "disk.log", title: "  the log", unit: .bytes, values: [log]),
            Figure(key: "disk.index", title: "  its index", unit: .bytes, values: [index]),
        ]
    }
}
