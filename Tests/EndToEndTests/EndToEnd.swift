import Testing

/// What the built programs do together, seen from outside: child processes, sockets and files.
///
/// One at a time, because each starts daemons that take what processors there are.
@Suite("End to end", .serialized)
enum EndToEnd {}
