-- The flows that are in force, as they were installed, and what each may do.
select flow, resolved, answers, digest, installed, mode, moded, started, started_at, rests
from flows order by flow
