-- The flows that are in force.
select flow, digest, mode, started from flows
