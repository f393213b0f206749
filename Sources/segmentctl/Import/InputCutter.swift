import Imports

/// Cuts an input into what goes out in one request: lines as they are, or events made of it.
enum InputCutter: Sendable {
    /// Lines from that number on.
    case lines(LineChunker, from: Int)
    case converted(ConvertingChunker)

    /// The next chunk; nil at the end or after an interruption.
    mutating func next(
        reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> ReadOutcome
    ) throws(Failure) -> LineChunk? {
        switch self {
        case .converted(var chunker):
            // Taken out meanwhile, so that what it holds is changed in place.
            self = .lines(LineChunker(bytesMax: 2), from: 1)
            defer { self = .converted(chunker) }
            return try chunker.next(reading: read)
        case .lines(var chunker, let line):
            self = .lines(LineChunker(bytesMax: 2), from: 1)
            defer { self = .lines(chunker, from: line) }
            while let chunk = try chunker.next(reading: read) {
                if let left = chunk.from(line: line) { return left }
            }
            return nil
        }
    }
}

/// Makes events of an input and cuts them into chunks.
struct ConvertingChunker: Sendable {
    /// Problems of one chunk; with more it is sent, however small.
    private static let problemsMax = 5_000
    /// A read is that part of a chunk: events are longer than the rows they are made of.
    private static let readsPerChunk = 32

    private let bytesMax: Int
    private var conversion: any EventConversion
    private var events = ConvertedEvents()
    private var buffer: [UInt8]
    private var offset = 0
    /// The last place of the chunk before.
    private var place = 0
    private var isAtEnd = false

    /// - Parameter bytesMax: a chunk has about that many bytes at most.
    init(_ conversion: any EventConversion, bytesMax: Int) {
        self.conversion = conversion
        self.bytesMax = bytesMax
        buffer = [UInt8](repeating: 0, count: max(bytesMax / Self.readsPerChunk, 1))
    }

    mutating func next(
        reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> ReadOutcome
    ) throws(Failure) -> LineChunk? {
        fill: while !isAtEnd, events.bytes.count < bytesMax / 2, events.problems.count < Self.problemsMax {
            switch try fillBuffer(read) {
            case .interrupted: return nil
            case .idle: if !events.isEmpty { break fill }
            case .end:
                isAtEnd = true
                try convert { (conversion, events, _) throws(ImportError) in try conversion.finish(into: &events) }
            case .bytes(let count):
                offset += count
                try convert { (conversion, events, buffer) throws(ImportError) in
                    try conversion.convert(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &events)
                }
            }
        }
        guard !events.isEmpty else { return nil }
        defer { place = events.lastPlace }
        return LineChunk(
            events.take(), after: place, endOffset: offset, countsElements: conversion.countsElements)
    }

    private mutating func fillBuffer(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> ReadOutcome
    ) throws(Failure) -> ReadOutcome {
        var result = Result<ReadOutcome, Failure>.success(.end)
        buffer.withUnsafeMutableBytes { bytes in
            do throws(Failure) {
                result = .success(try read(bytes))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func convert(
        _ body: (inout any EventConversion, inout ConvertedEvents, UnsafeRawBufferPointer) throws(ImportError) -> Void
    ) throws(Failure) {
        var failure: ImportError?
        buffer.withUnsafeBytes { bytes in
            do throws(ImportError) {
                try body(&conversion, &events, bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw Failure(failure) }
    }
}

extension Failure {
    /// A file or its mapping cannot be used.
    init(_ error: ImportError) {
        let place = error.pointer.map { "mapping, at \($0.isEmpty ? "/" : $0): " } ?? ""
        self.init(place + error.message, exitCode: .refused)
    }
}
