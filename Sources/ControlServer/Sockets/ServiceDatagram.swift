import CPlatform

/// One message to a service of the system that listens at a datagram socket.
public enum ServiceDatagram {
    /// Sends the bytes as one datagram; never waits.
    ///
    /// - Parameter address: a path, or `@` and an abstract name.
    /// - Returns: whether they were taken.
    public static func send(_ bytes: [UInt8], to address: String) -> Bool {
        platform_send_datagram(address, bytes, bytes.count) == 0
    }
}
