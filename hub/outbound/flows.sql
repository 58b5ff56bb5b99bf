-- All flows as they are in force; they are few.
select flow, resolved, answers, digest, mode from flows
