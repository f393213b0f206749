// What tests draw at random, simulations draw too.
@_exported public import RandomWorlds
