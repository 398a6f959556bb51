"""One rung a file: `decide(facts, balance) -> Answer | Unable`."""
