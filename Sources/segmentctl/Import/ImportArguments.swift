public import ArgumentParser
public import Imports

// Choices of the formats as they are typed.
extension ShopOptions.ContactKey: ExpressibleByArgument {}
extension Mapping.Rows: ExpressibleByArgument {}
