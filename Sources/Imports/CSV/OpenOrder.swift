import SegmentModel

/// An order whose lines are being read, row by row.
///
/// The rows of an order stand one after the other. What is said of the whole order stands in the first row or in all;
/// rows that contradict each other, or one that cannot be read, keep the whole order back, since part of an order would
/// be taken for all of it.
struct OpenOrder {
    /// As many lines as an event may have.
    static let linesMax = 10_000

    let key: OrderKey
    let firstPlace: Int
    private(set) var lastPlace: Int
    /// What is said of the whole order: the first that is not blank in each column.
    private(set) var cells: [String]
    private(set) var lines: [OrderLine] = []
    /// Why the order is kept back, if it is.
    private(set) var isSpoilt = false

    init(key: OrderKey, cells: [String], place: Int) {
        self.key = key
        self.cells = cells
        firstPlace = place
        lastPlace = place
    }

    /// Adds a row.
    mutating func add(_ cells: [String], of row: OrderRow, lastPlace: Int) throws(Fault) {
        self.lastPlace = lastPlace
        do throws(Fault) {
            try merge(cells, row.orderIndices)
            guard lines.count < Self.linesMax else {
                throw Fault("too_many", "The order has more than \(Self.linesMax) lines.")
            }
            lines.append(try row.line(cells))
        } catch {
            isSpoilt = true
            throw error
        }
    }

    /// Keeps the order back because of a row up to that place.
    mutating func spoil(lastPlace: Int) {
        self.lastPlace = max(self.lastPlace, lastPlace)
        isSpoilt = true
    }

    private mutating func merge(_ other: [String], _ indices: [Int]) throws(Fault) {
        for index in indices where !other[index].isEmpty && other[index] != cells[index] {
            guard cells[index].isEmpty else {
                throw Fault(
                    "contradiction",
                    """
                    The order \(quoted(key.order.text)) has \(quoted(cells[index])) on line \(firstPlace) and \
                    \(quoted(other[index])) here, in column \(index + 1).
                    """)
            }
            cells[index] = other[index]
        }
    }
}
